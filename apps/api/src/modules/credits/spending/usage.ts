import { operations } from "@jifen/contract";
import { accountOf, ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { completeUntil } from "../../../values/complete-until.ts";
import { readSpendSeries } from "../../stats/read-spend-series.ts";
import { SeriesTable } from "../../stats/series-table.ts";
import { readSeriesRange } from "../../stats/stats-query.ts";
import type { Deps } from "../deps.ts";

/** What the caller spent by day or month, to the last entry of the journal. */
export const usage = ({ spend, nowMs, timeZone }: Pick<Deps, "nowMs" | "spend" | "timeZone">) =>
  implement(operations.credits.usage, async ({ input, caller }) => {
    const { measure, by, group, top, ...bounds } = input;
    const range = readSeriesRange(bounds, by, timeZone);
    if (!range.ok) return range;
    const isGrouped = group === "action";
    const readAtMs = nowMs();
    const table = new SeriesTable(range.value, { isGrouped });
    const sums = await readSpendSeries(
      { spend },
      {
        ...{ range: range.value, byAction: isGrouped, accountId: accountOf(caller.userId) },
        of: measure === "spent" ? "charged" : "refunded",
      },
    );
    if (!sums.ok) return sums;
    for (const sum of sums.value) table.add(sum);
    return ok({ ...table.toOutput(top), completeUntil: completeUntil(readAtMs, undefined) });
  });
