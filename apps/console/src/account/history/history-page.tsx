import { getRouteApi } from "@tanstack/react-router";
import { jifen } from "../../jifen.ts";
import { entryColumns } from "../../ledger/entry-columns.tsx";
import { type EntryKind, entryKinds } from "../../ledger/types.ts";
import { ledgerWords } from "../../ledger/words.ts";
import { optional } from "../../search-params.ts";
import { SelectField } from "../../ui/field.tsx";
import { Filters } from "../../ui/filters.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { setFilters } from "../../ui/set-filters.ts";
import { usePages } from "../../use-pages.ts";
import { accountWords } from "../../words/account.ts";
import { formatMonth, lastMonths, monthRange } from "../months.ts";
import { entryLink } from "./entry-link.tsx";
import { SaveEntries } from "./save-entries.tsx";

const route = getRouteApi("/account/history");

/** The entries of the user by kind and month, each with a link to its explanation. */
export function HistoryPage() {
  const words = accountWords.useWords();
  const ledger = ledgerWords.useWords();
  const { kind, month, action } = route.useSearch();
  const navigate = route.useNavigate();
  const filter = { ...optional({ kind, action }), ...(month !== undefined && monthRange(month)) };
  const entries = usePages({
    key: ["transactions.list", filter],
    read: (cursor) => jifen.transactions.list.query({ ...filter, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  const filters = setFilters(
    {
      [ledger.kind]: kind && ledger.kinds[kind],
      [words.month]: month && formatMonth(month),
      [ledger.what]: action,
    },
    () => void navigate({ search: {}, replace: true }),
  );
  return (
    <Page title={words.places.history} actions={<SaveEntries filter={filter} />}>
      <Filters
        label={ledger.filters}
        isSet={filters !== undefined}
        onChange={(values) =>
          void navigate({
            search: {
              action: String(values.get("action")) || undefined,
              kind: (values.get("kind") || undefined) as EntryKind | undefined,
              month: String(values.get("month")) || undefined,
            },
            replace: true,
          })
        }
      >
        <SelectField name="kind" label={ledger.kind} defaultValue={kind ?? ""}>
          <option value="">{ledger.everyKind}</option>
          {entryKinds.map((each) => (
            <option key={each} value={each}>
              {ledger.kinds[each]}
            </option>
          ))}
        </SelectField>
        <SelectField name="month" label={words.month} defaultValue={month ?? ""}>
          <option value="">{words.everyMonth}</option>
          {lastMonths().map((each) => (
            <option key={each} value={each}>
              {formatMonth(each)}
            </option>
          ))}
        </SelectField>
        {action === undefined ? (
          <input type="hidden" name="action" value="" />
        ) : (
          <SelectField name="action" label={ledger.what} defaultValue={action}>
            <option value="">{words.everyAction}</option>
            <option value={action}>{action}</option>
          </SelectField>
        )}
      </Filters>
      <List
        pages={entries}
        caption={ledger.entries}
        rowKey={({ transactionId }) => transactionId}
        columns={entryColumns(ledger, entryLink)}
        empty={words.noEntries}
        filters={filters}
      />
    </Page>
  );
}
