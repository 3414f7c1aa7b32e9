import { type Branded, type Outcome, ok, refuse } from "@jifen/core";

/** An ISO 4217 code that can be sold in. */
export type Currency = keyof typeof exponents;

/** An amount in minor units of a currency: 990 of CNY is 9.90 yuan. A safe integer, never negative. */
export type MinorUnits = Branded<number, "MinorUnits">;

/** Money: whole minor units and their currency. Amounts of different currencies are never added. */
export type Money = { readonly minor: MinorUnits; readonly currency: Currency };

/**
 * How many digits after the point each currency has, by ISO 4217. `Intl` gives those that people write, which is something
 * else: none for HUF, for example.
 */
const exponents = {
  ...{ AED: 2, AUD: 2, BHD: 3, BRL: 2, CAD: 2, CHF: 2, CLP: 0, CNY: 2, COP: 2, CZK: 2, DKK: 2, EUR: 2, GBP: 2 },
  ...{ HKD: 2, HUF: 2, IDR: 2, ILS: 2, INR: 2, ISK: 0, JOD: 3, JPY: 0, KRW: 0, KWD: 3, MOP: 2, MXN: 2, MYR: 2 },
  ...{ NOK: 2, NZD: 2, OMR: 3, PEN: 2, PHP: 2, PLN: 2, PYG: 0, QAR: 2, RON: 2, SAR: 2, SEK: 2, SGD: 2, THB: 2 },
  ...{ TND: 3, TRY: 2, TWD: 2, UAH: 2, UGX: 0, USD: 2, VND: 0, XAF: 0, XOF: 0, ZAR: 2 },
} as const;

/** All currencies. */
export const currencies = Object.keys(exponents) as readonly Currency[];

/** Whether a code is a known currency. */
export const isCurrency = (code: string): code is Currency => Object.hasOwn(exponents, code);

/** The largest amount of one payment. */
const MAX_MINOR = 1_000_000_000_000;

/** @throws RangeError when `value` is not a whole number from 0 to 10^12: a bug of the caller, not invalid user input. */
export function minorUnits(value: number): MinorUnits {
  if (!Number.isSafeInteger(value) || value < 0 || value > MAX_MINOR) {
    throw new RangeError(`an amount must be a whole number of minor units from 0 to ${MAX_MINOR}, got ${value}`);
  }
  return value as MinorUnits;
}

/** Money as the text that providers and people read: `9.90` for 990 of CNY, `990` for 990 of JPY. */
export function moneyText({ minor, currency }: Money): string {
  const digits = exponents[currency];
  if (digits === 0) return String(minor);
  const text = String(minor).padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** A text that is no exact amount of the currency. */
export type InexactMoney = { code: "INEXACT_MONEY"; text: string };

/**
 * Reads the text of an amount exactly, without a double: `9.9`, `9.90` and `9.900` are 990 of CNY; `9.905`, `1e3`, `-1` and
 * an amount above 10^12 minor units are refused.
 */
export function parseMoney(text: string, currency: Currency): Outcome<Money, InexactMoney> {
  const match = /^(\d{1,13})(?:\.(\d{1,12}))?$/.exec(text);
  const digits = exponents[currency];
  const [, whole = "", fraction = ""] = match ?? [];
  if (!match || /[1-9]/.test(fraction.slice(digits))) return refuse({ code: "INEXACT_MONEY", text });
  const minor = Number(whole + fraction.slice(0, digits).padEnd(digits, "0"));
  if (!Number.isSafeInteger(minor) || minor > MAX_MINOR) return refuse({ code: "INEXACT_MONEY", text });
  return ok({ minor: minorUnits(minor), currency });
}
