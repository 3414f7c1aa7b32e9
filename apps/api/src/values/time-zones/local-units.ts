import { QUARTER_MS, type UtcOffset } from "@jifen/database";

/** The units that sums are grouped by. Months are merged from days. */
export type LocalUnit = "hour" | "day";

/** Seconds in a unit. */
export const unitSeconds = { hour: 3_600, day: 86_400 } as const satisfies Record<LocalUnit, number>;

const QUARTER_SECONDS = QUARTER_MS / 1000;

/** Which hour or day since 1970 the clock shows, where it is ahead of UTC by an offset. */
export const localUnitAt = (quarter: number, offsetSeconds: number, unit: LocalUnit): number =>
  Math.floor((quarter * QUARTER_SECONDS + offsetSeconds) / unitSeconds[unit]);

/** The first quarter in which the clock shows a unit or a later one, where it is ahead of UTC by an offset. */
export const firstQuarterOf = (localUnit: number, offsetSeconds: number, unit: LocalUnit): number =>
  Math.ceil((localUnit * unitSeconds[unit] - offsetSeconds) / QUARTER_SECONDS);

/**
 * The number of the local hour or day that a quarter is in, by `offsets` of `groupingOffsets`. A statement computes the
 * same in integers: `(quarter * 900 + CASE WHEN quarter < … THEN … ELSE … END) / 3600`.
 */
export function localUnitOf(quarter: number, offsets: readonly UtcOffset[], unit: LocalUnit): number {
  const offset = offsets.find(({ untilQuarter }) => quarter < untilQuarter);
  if (!offset) throw new RangeError("the quarter is after the last offset");
  return localUnitAt(quarter, offset.offsetSeconds, unit);
}

/**
 * The offsets to number local hours or days by. With the offsets of the clock itself, a number could come back after a
 * later one, and a sum by number would join quarters that are apart. With these, numbers never decrease:
 *
 * - hour: an hour that the clock repeats gets a number of its own, so hours after it have higher numbers than the clock
 *   shows. In America/New_York on the first Sunday of November, 01:00 to 02:00 is there twice.
 * - day: a day that has ended does not come back. Where the clock went from 00:01 to 23:01 (America/St_Johns to 2011),
 *   the hour that is repeated belongs to the new day. The numbers are days since 1970 as the calendar has them.
 */
export const groupingOffsets = (offsets: readonly UtcOffset[], unit: LocalUnit): readonly UtcOffset[] =>
  unit === "hour" ? separateRepeatedHours(offsets) : keepDaysInOrder(offsets);

function separateRepeatedHours(offsets: readonly UtcOffset[]): readonly UtcOffset[] {
  let addedSeconds = 0;
  return offsets.map((after, at) => {
    const before = offsets[at - 1];
    if (before && after.offsetSeconds < before.offsetSeconds) {
      const last = localUnitAt(before.untilQuarter - 1, before.offsetSeconds, "hour");
      const next = localUnitAt(before.untilQuarter, after.offsetSeconds, "hour");
      addedSeconds += (last + 1 - next) * unitSeconds.hour;
    }
    return { ...after, offsetSeconds: after.offsetSeconds + addedSeconds };
  });
}

function keepDaysInOrder(offsets: readonly UtcOffset[]): readonly UtcOffset[] {
  const ordered: UtcOffset[] = [];
  for (const after of offsets) {
    const before = ordered.at(-1);
    if (before) {
      const today = localUnitAt(before.untilQuarter - 1, before.offsetSeconds, "day");
      const backAtMidnight = firstQuarterOf(today, after.offsetSeconds, "day");
      const untilQuarter = Math.min(Math.max(before.untilQuarter, backAtMidnight), after.untilQuarter);
      ordered.splice(-1, 1, { ...before, untilQuarter });
    }
    ordered.push(after);
  }
  return ordered;
}
