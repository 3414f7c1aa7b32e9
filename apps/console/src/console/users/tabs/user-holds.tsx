import { useState } from "react";
import { jifen } from "../../../jifen.ts";
import { holdColumns } from "../../../ledger/hold-columns.tsx";
import { type HoldState, holdStates } from "../../../ledger/types.ts";
import { ledgerWords } from "../../../ledger/words.ts";
import { SelectField } from "../../../ui/field.tsx";
import { Filters } from "../../../ui/filters.tsx";
import { List } from "../../../ui/list.tsx";
import { setFilters } from "../../../ui/set-filters.ts";
import { usePages } from "../../../use-pages.ts";

/** The holds of a user. */
export function UserHolds({ userId, markedId }: { readonly userId: string; readonly markedId?: string | undefined }) {
  const words = ledgerWords.useWords();
  const [state, setState] = useState<HoldState>();
  const filter = { userId, ...(state && { state }) };
  const filters = setFilters({ [words.state]: state && words.holdStates[state] }, () => setState(undefined));
  const holds = usePages({
    key: ["accounts.holds", filter],
    read: (cursor) => jifen.accounts.holds.query({ ...filter, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <>
      <Filters
        label={words.filters}
        isSet={filters !== undefined}
        onChange={(values) => setState((values.get("state") || undefined) as HoldState)}
      >
        <SelectField name="state" label={words.state} defaultValue={state ?? ""}>
          <option value="">{words.everyState}</option>
          {holdStates.map((each) => (
            <option key={each} value={each}>
              {words.holdStates[each]}
            </option>
          ))}
        </SelectField>
      </Filters>
      <List
        pages={holds}
        caption={words.holds}
        rowKey={({ holdId }) => holdId}
        markedKey={markedId}
        columns={holdColumns(words)}
        empty={words.noHolds}
        filters={filters}
      />
    </>
  );
}
