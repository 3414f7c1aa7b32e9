import type { Days } from "../days.ts";
import type { UsageRange } from "./use-usage.ts";

/** The periods that the page can show. */
export const periods = ["week", "month", "quarter", "year"] as const;
export type Period = (typeof periods)[number];

const lengths = { week: 7, month: 30, quarter: 90 } as const;
const MONTHS = 12;

/** The days or months of a period, the running one included. */
export const rangeOf = (period: Period, { fromToday, monthFromNow, timeZone: tz }: Days): Omit<UsageRange, "group"> =>
  period === "year"
    ? { from: monthFromNow(1 - MONTHS), to: monthFromNow(1), by: "month", tz }
    : { from: fromToday(1 - lengths[period]), to: fromToday(1), by: "day", tz };
