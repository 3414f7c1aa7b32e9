import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { jifen } from "../../../jifen.ts";
import { entryColumns } from "../../../ledger/entry-columns.tsx";
import { type EntryKind, entryKinds } from "../../../ledger/types.ts";
import { ledgerWords } from "../../../ledger/words.ts";
import { SelectField } from "../../../ui/field.tsx";
import { Filters } from "../../../ui/filters.tsx";
import { List } from "../../../ui/list.tsx";
import { setFilters } from "../../../ui/set-filters.ts";
import { usePages } from "../../../use-pages.ts";
import { Actor } from "../../actor.tsx";

/** The journal of a user, with a link from each entry to its explanation. */
export function UserLedger({ userId }: { readonly userId: string }) {
  const words = ledgerWords.useWords();
  const [kind, setKind] = useState<EntryKind>();
  const filter = { userId, ...(kind && { kind }) };
  const filters = setFilters({ [words.kind]: kind && words.kinds[kind] }, () => setKind(undefined));
  const entries = usePages({
    key: ["accounts.transactions", filter],
    read: (cursor) =>
      jifen.accounts.transactions.query({ ...filter, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <>
      <Filters
        label={words.filters}
        isSet={filters !== undefined}
        onChange={(values) => setKind((values.get("kind") || undefined) as EntryKind)}
      >
        <SelectField name="kind" label={words.kind} defaultValue={kind ?? ""}>
          <option value="">{words.everyKind}</option>
          {entryKinds.map((each) => (
            <option key={each} value={each}>
              {words.kinds[each]}
            </option>
          ))}
        </SelectField>
      </Filters>
      <List
        pages={entries}
        caption={words.entries}
        rowKey={({ transactionId }) => transactionId}
        columns={[
          ...entryColumns<(typeof entries.items)[number]>(words, ({ transactionId }, text) => (
            <Link to="/console/transactions/$transactionId" params={{ transactionId }}>
              {text}
            </Link>
          )),
          { title: words.by, isWide: true, cell: ({ actor }) => (actor === null ? "–" : <Actor actor={actor} />) },
        ]}
        empty={words.noEntries}
        filters={filters}
      />
    </>
  );
}
