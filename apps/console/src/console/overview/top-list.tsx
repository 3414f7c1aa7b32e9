import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { jifen } from "../../jifen.ts";
import type { lastDays } from "../../time-zone.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Credits } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Share } from "../../ui/share.tsx";
import { overviewWords } from "./words.ts";

const ROWS = 8;
const REFRESH_MS = 60_000;

type TopListProps = { readonly of: "user" | "action"; readonly range: ReturnType<typeof lastDays> };

/** Who or what spent most. */
export function TopList({ of, range }: TopListProps) {
  const words = overviewWords.useWords();
  const input = { ...range, of, measure: "spent", limit: ROWS } as const;
  const query = useQuery({
    queryKey: ["stats.top", input],
    queryFn: () => jifen.stats.top.query(input),
    refetchInterval: REFRESH_MS,
  });
  const items = query.data?.items ?? [];
  const most = items[0]?.spent ?? 0;
  const title = of === "user" ? words.topUsers : words.topActions;
  return (
    <section className="grid min-w-0 content-start gap-2">
      <h2 className="font-semibold">{title}</h2>
      {query.data && items.length === 0 ? (
        <p className="text-muted">{words.noUsage}</p>
      ) : (
        <DataTable
          caption={title}
          rows={items}
          rowKey={({ id }) => id}
          placeholders={query.isPending ? ROWS : 0}
          columns={[
            {
              title: of === "user" ? words.user : words.action,
              cell: ({ id }) => (
                <span className="wrap-anywhere">
                  {of === "user" ? (
                    <Link to="/console/users/$userId" params={{ userId: id }}>
                      {id}
                    </Link>
                  ) : (
                    <Link to="/console/logs" search={{ action: id }}>
                      {id}
                    </Link>
                  )}
                </span>
              ),
            },
            { title: words.calls, isNumber: true, isWide: true, cell: ({ calls }) => formatNumber(calls) },
            {
              title: words.spent,
              isNumber: true,
              cell: ({ spent, id }) => (
                <>
                  <Credits value={spent} />
                  <Share part={spent} whole={most} label={`${id}: ${formatNumber(spent)}`} />
                </>
              ),
            },
          ]}
        />
      )}
    </section>
  );
}
