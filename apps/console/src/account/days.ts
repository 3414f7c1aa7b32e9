/** The days and months of a time zone, as the pages ask the server for them. */
export type Days = {
  readonly timeZone: string;
  /** The day that is so many days away from today: `2026-11-30`. */
  readonly fromToday: (days: number) => string;
  /** The first day of the month that is so many months away from this one. */
  readonly monthFromNow: (months: number) => string;
  /** The month of a time: `2026-11`. */
  readonly monthOf: (at: string) => string;
};

/** The days of a zone. */
export function daysIn(timeZone: string, nowMs = Date.now()): Days {
  const day = new Intl.DateTimeFormat("sv-SE", { year: "numeric", month: "2-digit", day: "2-digit", timeZone });
  const [year = 0, month = 1, date = 1] = day.format(nowMs).split("-").map(Number);
  // Dates are counted in UTC, where every day has 24 hours.
  const toDay = (time: number) => new Date(time).toISOString().slice(0, "2026-11-30".length);
  return {
    timeZone,
    fromToday: (days) => toDay(Date.UTC(year, month - 1, date + days)),
    monthFromNow: (months) => toDay(Date.UTC(year, month - 1 + months, 1)),
    monthOf: (at) => day.format(new Date(at)).slice(0, "2026-11".length),
  };
}
