import { assert as always, constantFrom, nat, property, string } from "fast-check";
import { expect, test } from "vitest";
import { type Currency, currencies, minorUnits, moneyText, parseMoney } from "./money.ts";

test.each([
  { text: "9.90", currency: "CNY", minor: 990 },
  { text: "9.9", currency: "CNY", minor: 990 },
  { text: "9", currency: "CNY", minor: 900 },
  { text: "9.900", currency: "CNY", minor: 990 },
  { text: "0.01", currency: "CNY", minor: 1 },
  { text: "990", currency: "JPY", minor: 990 },
  { text: "990.00", currency: "JPY", minor: 990 },
  { text: "1.234", currency: "KWD", minor: 1_234 },
  { text: "10000000000.00", currency: "CNY", minor: 1_000_000_000_000 },
] as const)("$text of $currency is $minor minor units", ({ text, currency, minor }) => {
  expect(parseMoney(text, currency)).toEqual({ ok: true, value: { minor, currency } });
});

test.each([
  { text: "9.905", currency: "CNY" },
  { text: "9.9", currency: "JPY" },
  { text: "", currency: "CNY" },
  { text: ".5", currency: "CNY" },
  { text: "5.", currency: "CNY" },
  { text: "-1.00", currency: "CNY" },
  { text: "+1.00", currency: "CNY" },
  { text: " 1.00", currency: "CNY" },
  { text: "1,000.00", currency: "CNY" },
  { text: "1e3", currency: "CNY" },
  { text: "0x10", currency: "CNY" },
  { text: "１.00", currency: "CNY" },
  { text: "NaN", currency: "CNY" },
  { text: "10000000000.01", currency: "CNY" },
  { text: "99999999999999999999", currency: "JPY" },
] as const)("$text of $currency is refused", ({ text, currency }) => {
  expect(parseMoney(text, currency)).toEqual({ ok: false, refusal: { code: "INEXACT_MONEY", text } });
});

const anyCurrency = constantFrom(...currencies);

test("the text of any money is read back exactly", () => {
  void always(
    property(nat(1_000_000_000), anyCurrency, (minor, currency) => {
      const money = { minor: minorUnits(minor), currency };
      expect(parseMoney(moneyText(money), currency)).toEqual({ ok: true, value: money });
    }),
  );
});

test("any text is refused, or is the amount that it says", () => {
  void always(
    property(string({ unit: constantFrom(..."0123456789.-e ".split("")), maxLength: 9 }), (text) => {
      const read = parseMoney(text, "CNY");
      if (read.ok) expect(read.value.minor / 100).toBeCloseTo(Number(text), 6);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  { currency: "HUF", minor: 100, text: "1.00", says: "forints have two digits, though people write none" },
  { currency: "ISK", minor: 100, text: "100", says: "krónur have none" },
  { currency: "BHD", minor: 1, text: "0.001", says: "dinars have three" },
] as const satisfies readonly { currency: Currency; minor: number; text: string; says: string }[])(
  "$says",
  ({ currency, minor, text }) => {
    expect(moneyText({ minor: minorUnits(minor), currency })).toBe(text);
  },
);

test.each([-1, 0.5, Number.NaN, 2 ** 53, 1_000_000_000_001])("%d is no amount of minor units", (value) => {
  expect(() => minorUnits(value)).toThrow(RangeError);
});
