import type { Month } from "../src/stores/statement-bounds.ts";

/** How far the clock of a zone is ahead of UTC, by what Intl says the clock shows. */
function offsetMsAt(timeZone: string, atMs: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric", second: "numeric" },
  }).formatToParts(atMs);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - atMs;
}

/** The first moment of a month in a zone, of zones whose clocks do not change around it. */
const startOf = (timeZone: string, month: number): number => {
  const inUtc = Date.UTC(0, month, 1) - Date.UTC(0, 0, 1) + Date.UTC(2000, 0, 1);
  return inUtc - offsetMsAt(timeZone, inUtc - offsetMsAt(timeZone, inUtc));
};

/** Months of a zone in a row, the first of which is `first` months after January 2000; without the code under test. */
export const localMonths = (timeZone: string, first: number, count: number): readonly Month[] =>
  Array.from({ length: count }, (_, at) => ({
    fromMs: startOf(timeZone, first + at),
    toMs: startOf(timeZone, first + at + 1),
  }));
