import { startOfDay } from "./range-bound.ts";

/** The first moment of a month, `2026-11`, from 2000 on, in a time zone. A whole quarter of an hour, epoch milliseconds. */
export const startOfMonth = (month: string, timeZone: string): number =>
  startOfDay(Date.parse(`${month}-01T00:00:00Z`), timeZone);

/** The month after `month`; both as `2026-11`. */
export function monthAfter(month: string): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 7);
}
