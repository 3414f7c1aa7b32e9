import { assert as always, constantFrom, integer, nat, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { chat, example, video } from "../test/example-catalogue.ts";
import type { ActionPrice, PriceRow } from "./catalogue.ts";
import { noFactor } from "./factor.ts";
import { resolveParams, withUsage } from "./params.ts";
import { priceOf, priceWith } from "./price.ts";

const ordinary = Date.parse("2026-11-20T08:00:00Z");
const saleDay = Date.parse("2026-12-12T08:00:00+08:00");

type Case = { readonly action?: string; readonly params: object; readonly group?: string; readonly nowMs?: number };
const ask = ({ action = "text_to_video", params, group = "default", nowMs = ordinary }: Case) =>
  priceOf(example, { action, params: { ...params }, group, nowMs });

describe("the price of an action", () => {
  test.each([
    { params: { model: "m1", resolution: "720p", seconds: 3 }, credits: 5, says: "is at least the minimum" },
    { params: { model: "m1", seconds: 12 }, credits: 12, says: "uses the default of a choice" },
    { params: { model: "m1-pro", resolution: "1080p", seconds: 5.04 }, credits: 17, says: "rounds a quantity up" },
    { params: { model: "m1-pro", resolution: "1080p", seconds: "5.04" }, credits: 17, says: "reads decimal text" },
    {
      ...{ params: { model: "m1-pro", resolution: "1080p", seconds: 5.04 }, group: "vip" },
      ...{ credits: 16, says: "is multiplied for a group and rounded up once: 15.3" },
    },
    {
      ...{ params: { model: "m1-pro", resolution: "1080p", seconds: 5.04 }, group: "vip", nowMs: saleDay },
      ...{ credits: 8, says: "is multiplied by all that count at the time: 7.65" },
    },
    { action: "chat", params: { input: 1_500, output: 700 }, credits: 1, says: "of little use is the minimum" },
    {
      ...{ action: "chat", params: { input: 250_000, output: 10_000 } },
      ...{ credits: 2, says: "is that of the first row that fits: 1.16" },
    },
    {
      action: "chat",
      params: { input: 199_999, output: 0 },
      credits: 1,
      says: "is that of the next row below a bound",
    },
    { params: { model: "m1-pro", resolution: "480p", seconds: 12 }, credits: 32, says: "adds base and units" },
  ])("the price $says", ({ credits, says: _, ...given }) => {
    expect(ask(given)).toMatchObject({ ok: true, value: { credits } });
  });

  test.each<{ params: object; path: string; allowed: readonly string[] }>([
    { params: { model: "m1", resolution: "1080p", seconds: 3 }, path: "resolution", allowed: ["480p", "720p"] },
    { params: { model: "m2", seconds: 3 }, path: "model", allowed: ["m1", "m1-pro"] },
    { params: { seconds: 3 }, path: "model", allowed: ["m1", "m1-pro"] },
    { params: { model: "m1" }, path: "seconds", allowed: ["1…60"] },
    { params: { model: "m1", seconds: 0.5 }, path: "seconds", allowed: ["1…60"] },
    { params: { model: "m1", seconds: 61 }, path: "seconds", allowed: ["1…60"] },
    { params: { model: "m1", seconds: "five" }, path: "seconds", allowed: ["1…60"] },
    { params: { model: "m1", seconds: Number.NaN }, path: "seconds", allowed: ["1…60"] },
    { params: { model: ["m1"], seconds: 3 }, path: "model", allowed: ["m1", "m1-pro"] },
    { params: { model: "m1", seconds: 3, fps: 24 }, path: "fps", allowed: ["model", "resolution", "seconds"] },
    { params: { model: "m1", seconds: 3, toString: 1 }, path: "toString", allowed: ["model", "resolution", "seconds"] },
  ])("parameters that the catalogue does not know are refused: $params", ({ params, path, allowed }) => {
    expect(ask({ params })).toEqual({ ok: false, refusal: { code: "PARAMS_NOT_PRICED", path, allowed } });
  });

  test("an action that the catalogue does not know is refused", () => {
    expect(ask({ action: "paint", params: {} })).toEqual({ ok: false, refusal: { code: "ACTION_NOT_PRICED" } });
  });

  test.each([
    { given: { params: { model: "m1-pro", seconds: 5.04 }, group: "vip" }, exact: "15.3", minimum: 0, credits: 16 },
    { given: { params: { model: "m1", seconds: 3 } }, exact: "3", minimum: 5, credits: 5 },
  ])("a price of $exact with a minimum of $minimum is $credits credits", ({ given, ...price }) => {
    expect(ask(given)).toMatchObject({ ok: true, value: price });
  });

  test("a price has a line for its base and for each unit", () => {
    expect(ask({ params: { model: "m1-pro", seconds: 6 } })).toMatchObject({
      value: {
        lines: [
          { what: "base", quantity: "1", micro: 2_000_000, credits: "2" },
          { what: "seconds", quantity: "6", micro: 2_500_000, credits: "15" },
        ],
      },
    });
  });
});

const tiered = (mode: "graduated" | "volume"): ActionPrice => ({
  action: "images",
  params: { count: { kind: "quantity", min: "1", max: "1000" } },
  rows: [
    {
      per: [
        {
          ...{ unit: "count", mode },
          tiers: [{ upTo: "10", micro: 2_000_000 }, { upTo: "100", micro: 1_000_000 }, { micro: 500_000 }],
        },
      ],
    },
  ],
  closed: [],
});

test.each([
  { mode: "graduated", count: 10, credits: 20 },
  { mode: "graduated", count: 11, credits: 21 },
  { mode: "graduated", count: 110, credits: 115 },
  { mode: "volume", count: 10, credits: 20 },
  { mode: "volume", count: 11, credits: 11 },
  { mode: "volume", count: 110, credits: 55 },
] as const)("with $mode tiers, $count units cost $credits credits", ({ mode, count, credits }) => {
  expect(priceWith(tiered(mode), { count: String(count) }, noFactor)).toMatchObject({ value: { credits } });
});

describe("usage at a capture", () => {
  const agreed = { model: "m1-pro", resolution: "480p", seconds: "10" };

  test("what was used replaces the parameters that settle", () => {
    expect(withUsage(video, agreed, { seconds: 12 })).toEqual({ ok: true, value: { ...agreed, seconds: "12" } });
  });

  test.each([
    { used: 12_000, counts: "60" },
    { used: "60.000001", counts: "60" },
    { used: 0.4, counts: "1" },
  ])("a use of $used, outside the range, counts as $counts", ({ used, counts }) => {
    expect(withUsage(video, agreed, { seconds: used })).toEqual({ ok: true, value: { ...agreed, seconds: counts } });
  });

  test.each([-1, "many", null])("a use of %j is no quantity and is refused", (used) => {
    expect(withUsage(video, agreed, { seconds: used })).toMatchObject({ ok: false, refusal: { path: "seconds" } });
  });

  test("a parameter that does not settle cannot change", () => {
    expect(withUsage(video, agreed, { model: "m1" })).toEqual({
      ...{ ok: false, refusal: { code: "PARAMS_NOT_PRICED", path: "model", allowed: ["resolution", "seconds"] } },
    });
  });
});

const micro = integer({ min: 0, max: 5_000_000 });
const anyRow = record({ base: micro, first: micro, second: micro, minimum: nat(20) }).map(
  ({ base, first, second, minimum }): PriceRow => ({
    ...{ base, minimum },
    per: [
      { unit: "a", micro: first },
      { unit: "b", micro: second },
    ],
  }),
);

test("a price is a whole number, never below its minimum, and never falls while a quantity rises", () => {
  const params = { a: { kind: "quantity", max: "1000", step: "0.1" }, b: { kind: "quantity", max: "1000" } } as const;
  const use = record({ a: nat(900), b: nat(900), more: nat(90) });
  const anyPpm = constantFrom(1, 300_000, 1_000_000, 7_000_000);
  void always(
    property(anyRow, use, anyPpm, (row, { a, b, more }, ppm) => {
      const action = { action: "any", params, rows: [row], closed: [] };
      const at = (tenths: number, units: number) => {
        const resolved = resolveParams(action, { a: tenths / 10, b: units });
        if (!resolved.ok) throw new Error("the parameters are in their range");
        const priced = priceWith(action, resolved.value, { numerator: BigInt(ppm), denominator: 1_000_000n });
        if (!priced.ok) throw new Error("the row fits everything");
        return priced.value.credits;
      };
      const price = at(a, b);
      expect(Number.isSafeInteger(price)).toBe(true);
      expect(price).toBeGreaterThanOrEqual(row.minimum ?? 0);
      expect(at(a + more, b)).toBeGreaterThanOrEqual(price);
      expect(at(a, b + more)).toBeGreaterThanOrEqual(price);
      // The only rounding is the last one: within one credit of the value with doubles.
      const inMicro = (row.base ?? 0) + (a / 10) * first(row) + b * second(row);
      const exact = Math.max((inMicro / 1e6) * (ppm / 1e6), row.minimum ?? 0);
      expect(Math.abs(price - exact)).toBeLessThan(1 + 1e-6);
    }),
    { numRuns: 500 },
  );
});

const first = ({ per = [] }: PriceRow) => (per[0] && "micro" in per[0] ? per[0].micro : 0);
const second = ({ per = [] }: PriceRow) => (per[1] && "micro" in per[1] ? per[1].micro : 0);

test("thousands of tokens in one call cost less than in thousands of calls, because each call is rounded once", () => {
  const one = priceWith(chat, { input: "100000", output: "0" }, noFactor);
  expect(one).toMatchObject({ value: { credits: 1 } });
});

test("a price above what one command can take is refused", () => {
  const dear: ActionPrice = {
    ...{ action: "dear", params: { n: { kind: "quantity", max: "1000000000" } }, closed: [] },
    rows: [{ per: [{ unit: "n", micro: 2_000_000_000 }] }],
  };
  expect(priceWith(dear, { n: "1000000000" }, noFactor)).toEqual({
    ...{ ok: false, refusal: { code: "PRICE_TOO_HIGH", limit: 1_000_000_000_000 } },
  });
});
