import { z } from "zod";
import { operation } from "../operation.ts";
import { rangeInput, readStats, seriesOutput, zChoice, zTop } from "./stats-fields.ts";

/** `GET /admin/stats/series`: one number of all users by hour, day or month. */
export const series = operation({
  ...readStats,
  rest: { method: "GET", path: "/admin/stats/series" },
  summary: {
    zh: "按小时、天或月的一项数据，可按操作或来源分组",
    en: "One number by hour, day or month, in groups by action or source if asked for.",
  },
  input: z.strictObject({
    ...rangeInput,
    measure: zChoice("spent", "granted", "calls", "failures", "activeAccounts", "p95Ms").meta({
      description:
        "`spent`: credits charged, before refunds. `activeAccounts`: accounts that were charged. `p95Ms`: 95 % of the calls with a duration were faster, to within a few percent.",
    }),
    by: zChoice("hour", "day", "month").default("day").meta({
      description: "Hours of at most 7 days, days of at most 92, or months of at most 24.",
    }),
    group: zChoice("none", "action", "source").default("none").meta({
      description: "`action` for `spent`, `calls`, `failures` and `p95Ms`, `source` for `granted`.",
    }),
    top: zTop,
  }),
  output: z.object(seriesOutput),
  refusals: [],
});
