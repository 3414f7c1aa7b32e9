import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { jifen, toJifenError } from "../../jifen.ts";
import { entryColumns } from "../../ledger/entry-columns.tsx";
import { ledgerWords } from "../../ledger/words.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { accountWords } from "../../words/account.ts";
import { entryLink } from "../history/entry-link.tsx";
import { Problem } from "../problem.tsx";

const SHOWN = 10;

/** The last entries of the user. */
export const recentEntries = queryOptions({
  queryKey: ["transactions.list", "recent"],
  queryFn: () => jifen.transactions.list.query({ limit: SHOWN }),
});

/** The last entries, and a link to all of them. */
export function RecentEntries() {
  const words = accountWords.useWords();
  const ledger = ledgerWords.useWords();
  const entries = useQuery(recentEntries);
  const error = toJifenError(entries.error);
  if (entries.data?.items.length === 0) return null;
  return (
    <div className="grid min-w-0 gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h2 className="text-lg font-semibold">{words.recent}</h2>
        <Link to="/account/history">{words.all}</Link>
      </div>
      {error && <Problem error={error} onRetry={() => void entries.refetch()} />}
      {!error && (
        <DataTable
          caption={words.recent}
          columns={entryColumns(ledger, entryLink)}
          rows={entries.data?.items ?? []}
          rowKey={({ transactionId }) => transactionId}
          placeholders={entries.isPending ? SHOWN : 0}
        />
      )}
    </div>
  );
}
