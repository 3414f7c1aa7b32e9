import type { Refusal } from "@jifen/contract";
import type { Outcome } from "@jifen/core";
import { quarterOf } from "@jifen/database";
import { unitSeconds } from "../../values/time-zones/local-units.ts";
import { type Longest, readStatsRange, type StatsRange } from "../logs/stats-range.ts";

/** The range of a request. */
export type RangeInput = { readonly from: string; readonly to: string; readonly tz?: string | undefined };

/** What the points of a series are. */
export type Unit = "hour" | "day" | "month";

const MAX_POINTS = {
  hour: { days: 7, of: "7 days", zh: "7 天" },
  day: { days: 92, of: "92 days", zh: "92 天" },
} as const;
const MONTHS = 24;

const longestOf = (by: Unit): Longest => {
  if (by === "month") {
    return {
      days: MONTHS * 31,
      wording: { zh: `最多 ${MONTHS} 个月：请缩小范围`, en: `the range can have at most ${MONTHS} months; narrow it` },
    };
  }
  const { days, of, zh } = MAX_POINTS[by];
  return {
    days,
    wording: {
      zh: `by=${by} 时，时间范围最多 ${zh}：请缩小范围，或使用更大的 by`,
      en: `with by=${by} the range can have at most ${of}; narrow it, or choose a longer unit`,
    },
  };
};

/** Reads the range of a series. Refuses: VALIDATION_FAILED. */
export const readSeriesRange = (
  input: RangeInput,
  by: Unit,
  defaultTimeZone: string,
): Outcome<StatsRange, Refusal<"VALIDATION_FAILED">> =>
  readStatsRange({ ...input, groupBy: by }, defaultTimeZone, longestOf(by));

const MAX_DAYS = 400;

const longest: Longest = {
  days: MAX_DAYS,
  wording: {
    zh: `时间范围最多 ${MAX_DAYS} 天：请缩小范围`,
    en: `the range can have at most ${MAX_DAYS} days; narrow it`,
  },
};

/** Reads the range of a request for sums of the whole range. Refuses: VALIDATION_FAILED. */
export const readWholeRange = (
  input: RangeInput,
  defaultTimeZone: string,
): Outcome<StatsRange, Refusal<"VALIDATION_FAILED">> =>
  readStatsRange({ ...input, groupBy: "day" }, defaultTimeZone, longest);

/** What the stores sum up for a range. */
export const toQuery = ({ fromMs, toMs, local }: StatsRange, byAction: boolean) => ({
  ...{ fromQuarter: quarterOf(fromMs), toQuarter: quarterOf(toMs), byAction },
  ...{ unitSeconds: unitSeconds[local.groupedBy], offsets: local.offsets },
});
