import { bilingual, type Refusal, type Wording } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
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

const invalid = (path: string, wording: Wording) =>
  refuse<Refusal<"VALIDATION_FAILED">>({ code: "VALIDATION_FAILED", issues: [{ path, message: bilingual(wording) }] });

/** Reads the range of a request for sums. Refuses: VALIDATION_FAILED. */
export function readStatsRange(
  { from, to, groupBy, tz }: RangeInput,
  defaultTimeZone: string,
): Outcome<StatsRange, Refusal<"VALIDATION_FAILED">> {
  const timeZone = tz ?? defaultTimeZone;
  if (!isTimeZone(timeZone)) {
    return invalid("tz", {
      zh: "必须是 IANA 时区，例如 Asia/Shanghai",
      en: "must be an IANA time zone, such as Asia/Shanghai",
    });
  }
  const [begin, end] = [parseRangeBound(from, timeZone), parseRangeBound(to, timeZone)];
  if (!begin.ok) return invalid("from", begin.refusal);
  if (!end.ok) return invalid("to", end.refusal);
  const [fromMs, toMs] = [begin.value, end.value];
  if (fromMs >= toMs) return invalid("to", { zh: "必须晚于 from", en: "must be later than from" });
  const days = LONGEST_DAYS[groupBy];
  if (toMs - fromMs > (days + 1) * DAY_MS) {
    return invalid("to", {
      zh: `groupBy=${groupBy} 时，时间范围最多 ${days} 天：请缩小范围，或使用更大的 groupBy`,
      en: `with groupBy=${groupBy} the range can have at most ${days} days; narrow it, or group by something longer`,
    });
  }
  return ok({ fromMs, toMs, local: spansOf({ timeZone, unit: groupBy, fromMs, toMs }) });
}
