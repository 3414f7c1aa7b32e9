import { type Refusal, timeZoneRule, type Wording } from "@jifen/contract";
import { type Outcome, ok } from "@jifen/core";
import { emptyRange, invalidField } from "../../values/invalid-field.ts";
import { parseRangeBound } from "../../values/time-zones/range-bound.ts";
import { type LocalSpans, spansOf } from "../../values/time-zones/spans.ts";
import { isTimeZone } from "../../values/time-zones/time-zone.ts";

/** The range of a request for sums. */
type RangeInput = {
  readonly from: string;
  readonly to: string;
  readonly groupBy: "hour" | "day" | "month";
  readonly tz?: string | undefined;
};

/** A range, and its local hours, days or months. */
export type StatsRange = { readonly fromMs: number; readonly toMs: number; readonly local: LocalSpans };

const DAY_MS = 86_400_000;
/** A month has at most 31 days. */
const LONGEST_DAYS = { hour: 31, day: 400, month: 120 * 31 } as const;

/** The most days of a range, and what follows from the unit. */
export type Longest = { readonly days: number; readonly wording: Wording };

const longestOf = (groupBy: RangeInput["groupBy"]): Longest => {
  const days = LONGEST_DAYS[groupBy];
  return {
    days,
    wording: {
      zh: `groupBy=${groupBy} 时，时间范围最多 ${days} 天：请缩小范围，或使用更大的 groupBy`,
      en: `with groupBy=${groupBy} the range can have at most ${days} days; narrow it, or group by something longer`,
    },
  };
};

/** Reads the range of a request for sums. Refuses: VALIDATION_FAILED. */
export function readStatsRange(
  { from, to, groupBy, tz }: RangeInput,
  defaultTimeZone: string,
  longest = longestOf(groupBy),
): Outcome<StatsRange, Refusal<"VALIDATION_FAILED">> {
  const timeZone = tz ?? defaultTimeZone;
  if (!isTimeZone(timeZone)) {
    return invalidField("tz", timeZoneRule);
  }
  const [begin, end] = [parseRangeBound(from, timeZone), parseRangeBound(to, timeZone)];
  if (!begin.ok) return invalidField("from", begin.refusal);
  if (!end.ok) return invalidField("to", end.refusal);
  const [fromMs, toMs] = [begin.value, end.value];
  if (fromMs >= toMs) return emptyRange();
  if (toMs - fromMs > (longest.days + 1) * DAY_MS) return invalidField("to", longest.wording);
  return ok({ fromMs, toMs, local: spansOf({ timeZone, unit: groupBy, fromMs, toMs }) });
}
