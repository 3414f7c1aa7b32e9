import { describe, expect, test } from "vitest";
import { chat, example, video } from "../../test/example-catalogue.ts";
import type { ActionPrice, Catalogue, Multiplier, Pack, PriceRow } from "../catalogue.ts";
import { checkCatalogue } from "./check-catalogue.ts";

const withAction = (action: ActionPrice): Catalogue => ({ ...example, actions: [action], multipliers: [] });
const withRows = (...rows: readonly PriceRow[]): Catalogue => withAction({ ...video, rows, closed: [] });
const withParams = (params: ActionPrice["params"]): Catalogue =>
  withAction({ action: "any", params, rows: [{ base: 1 }], closed: [] });
const withMultipliers = (...multipliers: readonly Multiplier[]): Catalogue => ({ ...example, multipliers });
const [pack] = example.packs as [Pack];
const withPacks = (...packs: readonly Pack[]): Catalogue => ({ ...example, packs });
const all: PriceRow = { base: 1_000_000 };

test("a catalogue without problems has none", () => {
  expect(checkCatalogue(example)).toEqual([]);
});

describe("a catalogue is not published", () => {
  test.each<{ catalogue: Catalogue; path: string; problem: string; detail?: string; says: string }>([
    {
      ...{ catalogue: { ...example, actions: [chat, chat], multipliers: [] }, path: "actions" },
      ...{ problem: "NAME_REPEATED", detail: "chat", says: "with an action twice" },
    },
    {
      ...{ catalogue: withAction({ ...video, closed: [] }), path: "actions.0", problem: "COMBINATION_WITHOUT_PRICE" },
      ...{ detail: "model=m1, resolution=1080p, seconds=1", says: "with a combination of choices that has no price" },
    },
    {
      ...{ catalogue: withAction({ ...chat, rows: chat.rows.slice(0, 1) }), path: "actions.0" },
      ...{ problem: "COMBINATION_WITHOUT_PRICE", detail: "input=0, output=0" },
      says: "with a quantity that has no price below a bound",
    },
    {
      ...{ catalogue: withRows(all, { when: { model: ["m1"] }, base: 2 }), path: "actions.0.rows.1" },
      ...{ problem: "ROW_NEVER_REACHED", says: "with a row behind one that always fits" },
    },
    {
      ...{ catalogue: withRows({ per: [{ unit: "seconds", micro: 0 }] }), path: "actions.0.rows.0" },
      ...{ problem: "PRICE_CAN_BE_ZERO", says: "with a price of 0 that is not said to be free" },
    },
    {
      catalogue: withAction({ ...chat, rows: [{ per: [{ unit: "input", micro: 2 }] }] }),
      ...{ path: "actions.0.rows.0", problem: "PRICE_CAN_BE_ZERO", says: "with a price of 0 for no use" },
    },
    {
      catalogue: withParams({
        model: { kind: "choice", values: ["模".repeat(50), "m"] },
        voice: { kind: "choice", values: ["声".repeat(80)] },
      }),
      ...{ path: "actions.0.params", problem: "PARAMS_TOO_LONG", detail: "418" },
      says: "with parameters that are longer than what is stored with each command",
    },
    {
      ...{ catalogue: withRows({ free: true, minimum: 5 }), path: "actions.0.rows.0" },
      ...{ problem: "FREE_WITH_PRICE", says: "with a free row that has a price" },
    },
    {
      catalogue: withRows({ per: [{ unit: "seconds", micro: 9_007_199_254_740_991 }] }, all),
      ...{ path: "actions.0.rows.1", problem: "ROW_NEVER_REACHED", says: "with a row that nothing reaches" },
    },
    {
      catalogue: {
        ...withRows({ per: [{ unit: "seconds", micro: 9_000_000_000_000_000 }] }),
        multipliers: [{ ppm: 100_000_000 }],
      },
      ...{ path: "actions.0.rows.0", problem: "PRICE_TOO_HIGH", says: "with a price above what a command can take" },
    },
    {
      ...{ catalogue: withRows({ when: { fps: ["24"] }, base: 1 }, all), path: "actions.0.rows.0.when.fps" },
      ...{ problem: "UNKNOWN_PARAM", says: "with a condition on an unknown parameter" },
    },
    {
      ...{ catalogue: withRows({ when: { model: ["m9"] }, base: 1 }, all), path: "actions.0.rows.0.when.model" },
      ...{ problem: "UNKNOWN_CHOICE", detail: "m9", says: "with a condition on an unknown choice" },
    },
    {
      catalogue: withRows({ when: { model: { atLeast: "1" } }, base: 1 }, all),
      path: "actions.0.rows.0.when.model",
      ...{ problem: "NOT_A_QUANTITY", says: "with a range of a choice" },
    },
    {
      ...{ catalogue: withRows({ per: [{ unit: "model", micro: 1 }] }), path: "actions.0.rows.0.per.0.unit" },
      ...{ problem: "NOT_A_QUANTITY", says: "with a price for each unit of a choice" },
    },
    {
      catalogue: withRows({
        per: [
          { unit: "seconds", mode: "volume", tiers: [{ upTo: "9", micro: 1 }, { upTo: "9", micro: 1 }, { micro: 1 }] },
        ],
      }),
      ...{ path: "actions.0.rows.0.per.0.tiers", problem: "TIERS_NOT_RISING", says: "with tiers that do not rise" },
    },
    {
      catalogue: withRows({ per: [{ unit: "seconds", mode: "volume", tiers: [{ upTo: "9", micro: 1 }] }] }),
      ...{ path: "actions.0.rows.0.per.0.tiers", problem: "TIERS_NOT_RISING", says: "without an endless last tier" },
    },
    {
      ...{ catalogue: withParams({ n: { kind: "quantity", max: "ten" } }), path: "actions.0.params.n.max" },
      ...{ problem: "NOT_A_DECIMAL", detail: "ten", says: "with a bound that is no number" },
    },
    {
      ...{ catalogue: withParams({ n: { kind: "quantity", min: "9", max: "8" } }), path: "actions.0.params.n" },
      ...{ problem: "RANGE_EMPTY", says: "with a range that is empty" },
    },
    {
      ...{ catalogue: withParams({ n: { kind: "quantity", max: "10", step: "3" } }), path: "actions.0.params.n.max" },
      ...{ problem: "RANGE_EMPTY", says: "with a largest value that its step leaves" },
    },
    {
      catalogue: withParams({ m: { kind: "choice", values: ["a"], default: "b" } }),
      ...{
        path: "actions.0.params.m.default",
        problem: "DEFAULT_NOT_ALLOWED",
        says: "with a default that is no choice",
      },
    },
    {
      catalogue: withParams(
        Object.fromEntries(
          Array.from({ length: 17 }, (_, n) => [`p${n}`, { kind: "choice", values: ["a", "b"] } as const]),
        ),
      ),
      ...{ path: "actions.0", problem: "TOO_MANY_COMBINATIONS", detail: "131072", says: "with too many combinations" },
    },
    {
      ...{ catalogue: withMultipliers({ action: "paint", ppm: 1 }), path: "multipliers.0.action" },
      ...{ problem: "UNKNOWN_ACTION", says: "with a multiplier of an unknown action" },
    },
    {
      ...{ catalogue: withMultipliers({ ppm: 1, fromMs: 5, toMs: 5 }), path: "multipliers.0.to" },
      ...{ problem: "RANGE_EMPTY", says: "with a multiplier that never counts" },
    },
    {
      catalogue: withMultipliers(
        ...[{ ppm: 1 }, { ppm: 1, group: "vip" }, { ppm: 1, action: "chat" }, { ppm: 1, fromMs: 5 }],
        { ppm: 1, fromMs: 9, toMs: 10 },
      ),
      ...{ path: "multipliers.4", problem: "TOO_MANY_MULTIPLIERS", says: "with more than four multipliers at once" },
    },
    {
      ...{ catalogue: withPacks(pack, pack), path: "packs", problem: "NAME_REPEATED", detail: "p100" },
      says: "with a pack twice",
    },
    {
      catalogue: withPacks({ ...pack, prices: [...pack.prices, { currency: "CNY", minor: 1 }] }),
      ...{ path: "packs.0.prices", problem: "CURRENCY_REPEATED", says: "with two prices of a pack in one currency" },
    },
    {
      catalogue: withPacks({ ...pack, title: { ...pack.title, en: "100 credits & more" } }),
      ...{ path: "packs.0.title.en", problem: "TITLE_NOT_ALLOWED", says: "with a title that a gateway misreads" },
    },
  ])("a catalogue is not published $says", ({ catalogue, path, problem, detail }) => {
    expect(checkCatalogue(catalogue)).toContainEqual({ path, problem, detail: detail ?? expect.any(String) });
  });
});

test.each<{ catalogue: Catalogue; says: string }>([
  { catalogue: withRows({ free: true }), says: "a row that is said to be free" },
  {
    catalogue: withMultipliers(...[1, 2, 3, 4, 5].map((n) => ({ ppm: 1, fromMs: n, toMs: n + 1 }))),
    says: "five multipliers one after the other",
  },
  {
    catalogue: withRows({
      per: [{ unit: "seconds", mode: "graduated", tiers: [{ upTo: "9", micro: 1 }, { micro: 0 }] }],
    }),
    says: "units that are free beyond the first",
  },
])("a catalogue can have $says", ({ catalogue }) => {
  expect(checkCatalogue(catalogue)).toEqual([]);
});
