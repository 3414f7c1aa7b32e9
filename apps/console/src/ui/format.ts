import { locale } from "../language.ts";
import { minorDigits } from "./money.ts";

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: "exceptZero" });
const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
const signedPercent = new Intl.NumberFormat(locale, {
  ...{ style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" },
});
const dateTime = new Intl.DateTimeFormat(locale, {
  ...{ year: "numeric", month: "2-digit", day: "2-digit" },
  ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
});
const shortTime = new Intl.DateTimeFormat(locale, {
  ...{ month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
});
const withZone = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" });
const day = new Intl.DateTimeFormat(locale, { year: "numeric", month: "2-digit", day: "2-digit" });
const shortDay = new Intl.DateTimeFormat(locale, { month: "2-digit", day: "2-digit" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

/** A whole number with separators: `12,345`. */
export const formatNumber = (value: number): string => whole.format(value);
/** Millionths, such as the price of a unit, as a decimal: `2.5`. */
export const formatMicro = (micro: number): string => decimal.format(micro / 1_000_000);
/** A change, with its sign: `+100`, `-5`, `0`. */
export const formatChange = (value: number): string => signed.format(value);
/** A share from 0 to 1: `2.1%`. */
export const formatShare = (value: number): string => percent.format(value);
/** A change as a share: `+12%`. */
export const formatSignedShare = (value: number): string => signedPercent.format(value);
/** A time in the browser's zone, to the second. */
export const formatTime = (at: string): string => dateTime.format(new Date(at));
/** A time of this year without its year and seconds, for narrow screens: `11/30 21:24`. */
export function formatShortTime(at: string): string {
  const date = new Date(at);
  return date.getFullYear() === new Date().getFullYear() ? shortTime.format(date) : day.format(date);
}
/** A time with the name of its zone, for titles. */
export const formatTimeWithZone = (at: string): string => withZone.format(new Date(at));
/** A day without its year, for the axis of a chart. */
export const formatShortDay = (at: string): string => shortDay.format(new Date(at));
/** A day in the browser's zone. */
export const formatDay = (at: string): string => day.format(new Date(at));
/** Days in a zone. */
export function formatDayIn(timeZone: string): (at: string) => string {
  const inZone = new Intl.DateTimeFormat(locale, { year: "numeric", month: "2-digit", day: "2-digit", timeZone });
  return (at) => inZone.format(new Date(at));
}

const steps = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

const CLOCK_SKEW_MS = 120_000;

/** How far a time is from now: `3 hours ago`, `in 2 days`. */
export function formatDistance(at: string, nowMs = Date.now()): string {
  const distanceMs = new Date(at).getTime() - nowMs;
  // The clock of the server can be ahead of the clock of the browser.
  const ms = distanceMs > 0 && distanceMs < CLOCK_SKEW_MS ? 0 : distanceMs;
  const [unit, size] = steps.find(([, each]) => Math.abs(ms) >= each) ?? (["second", 1_000] as const);
  return relative.format(Math.trunc(ms / size), unit);
}

/** An amount of money in minor units of its currency: `¥9.90`. */
export function formatMoney(minorUnits: number, currency: string): string {
  const digits = minorDigits(currency);
  const format = new Intl.NumberFormat(locale, {
    ...{ style: "currency", currency, currencyDisplay: "narrowSymbol" },
    ...{ minimumFractionDigits: digits, maximumFractionDigits: digits },
  });
  return format.format(minorUnits / 10 ** digits);
}
