import { locale } from "../language.ts";

const MONTHS = 24;

const toDate = (month: string, offset = 0): Date => {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(year, number - 1 + offset, 1);
};

const toMonth = (date: Date): string => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}`;

/** A month and those before it: `2026-11`. Left out, this month in the browser's zone. */
export const lastMonths = (newest = toMonth(new Date())): readonly string[] =>
  Array.from({ length: MONTHS }, (_, back) => toMonth(toDate(newest, -back)));

/** A month as the times of its begin and its end, in the browser's zone. */
export const monthRange = (month: string): { readonly from: string; readonly to: string } => ({
  from: toDate(month).toISOString(),
  to: toDate(month, 1).toISOString(),
});

const named = new Intl.DateTimeFormat(locale, { year: "numeric", month: "long" });

/** The name of a month: `November 2026`. */
export const formatMonth = (month: string): string => named.format(toDate(month));

/** A month such as `2026-11` in the address; undefined for anything else. */
export const monthParam = (params: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = params[name];
  return typeof value === "string" && /^2\d{3}-(0[1-9]|1[0-2])$/.test(value) ? value : undefined;
};
