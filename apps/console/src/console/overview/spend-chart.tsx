import { useQuery } from "@tanstack/react-query";
import { jifen } from "../../jifen.ts";
import { lastDays } from "../../time-zone.ts";
import { Chart } from "../../ui/chart/chart.tsx";
import { formatNumber, formatShortDay } from "../../ui/format.ts";
import type { Range } from "./ranges.ts";
import { overviewWords } from "./words.ts";

const REFRESH_MS = 60_000;

/** The credits spent by action and day. */
export function SpendChart({ days }: { readonly days: Range }) {
  const words = overviewWords.useWords();
  const input = { ...lastDays(Number(days)), measure: "spent", by: "day", group: "action" } as const;
  const query = useQuery({
    queryKey: ["stats.series", input],
    queryFn: () => jifen.stats.series.query(input),
    refetchInterval: REFRESH_MS,
  });
  const { groups = [], points = [] } = query.data ?? {};
  return (
    <Chart
      series={{
        title: words.spentByAction(formatNumber(Number(days))),
        groups: groups.map(({ key, name }) => ({ key, title: name ?? words.others })),
        points,
        formatAt: formatShortDay,
        formatValue: formatNumber,
      }}
    />
  );
}
