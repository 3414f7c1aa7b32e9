import { QUARTER_MS, type UtcOffset } from "@jifen/database";
import { offsetSecondsAt } from "./time-zone.ts";

/**
 * Two changes within this distance could undo each other unnoticed. Since 2000 no zone changed twice within six days;
 * the shortest distance is a week (Brazil in October 2000, Palestine in some years from 2040).
 */
const STEP_QUARTERS = 4 * 96;

/**
 * The offsets of a time zone from `fromQuarter` until `toQuarter`, in order. The last one applies until `toQuarter`.
 * An empty range has none.
 *
 * Each quarter has the offset of its first moment. Since 2000 all zones have had offsets of whole quarters of an hour
 * (the test checks every month to 2037), so the local time of a quarter's first moment is a quarter too. Before 2000 not
 * all have: Africa/Monrovia was 44 minutes and 30 seconds behind UTC until 1972. Clocks changed within a quarter
 * until 2022 (00:01 local time in America/St_Johns to 2011); such a change applies from the next quarter on.
 */
export function offsetsBetween(timeZone: string, fromQuarter: number, toQuarter: number): readonly UtcOffset[] {
  const offsetAt = (quarter: number) => offsetSecondsAt(timeZone, quarter * QUARTER_MS);
  const offsets: UtcOffset[] = [];
  if (fromQuarter >= toQuarter) return offsets;
  const lastQuarter = toQuarter - 1;
  let offsetSeconds = offsetAt(fromQuarter);
  for (let quarter = fromQuarter; quarter < lastQuarter; ) {
    const next = Math.min(quarter + STEP_QUARTERS, lastQuarter);
    if (offsetAt(next) === offsetSeconds) {
      quarter = next;
      continue;
    }
    quarter = firstChange(quarter, next, (at) => offsetAt(at) !== offsetSeconds);
    offsets.push({ untilQuarter: quarter, offsetSeconds });
    offsetSeconds = offsetAt(quarter);
  }
  return [...offsets, { untilQuarter: toQuarter, offsetSeconds }];
}

/** Binary search for the first quarter after `before` that `hasChanged`, given that `after` has. */
function firstChange(before: number, after: number, hasChanged: (quarter: number) => boolean): number {
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (hasChanged(middle)) high = middle;
    else low = middle;
  }
  return high;
}
