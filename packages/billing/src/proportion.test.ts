import { credits } from "@jifen/core";
import { assert as always, array, integer, nat, property, record } from "fast-check";
import { expect, test } from "vitest";
import { minorUnits } from "./money.ts";
import {
  bonusToTake,
  type CountedReversal,
  checkRefund,
  creditsToTake,
  leftOf,
  moneyOfReversals,
  mostRefundable,
  type ReversiblePayment,
  withReversals,
} from "./proportion.ts";

const payment = (fields: Partial<Record<keyof ReversiblePayment, number>> = {}): ReversiblePayment => ({
  paid: minorUnits(fields.paid ?? 990),
  reversed: minorUnits(fields.reversed ?? 0),
  kept: minorUnits(fields.kept ?? 0),
  credits: credits(fields.credits ?? 100),
  bonusCredits: credits(fields.bonusCredits ?? 10),
  takenCredits: credits(fields.takenCredits ?? 0),
  takenBonus: credits(fields.takenBonus ?? 0),
});

test.each([
  { amount: 990, take: { credits: 100, bonus: 10 }, says: "all of the money takes all of the credits" },
  { amount: 495, take: { credits: 50, bonus: 5 }, says: "half of it takes half" },
  { amount: 1, take: { credits: 1, bonus: 1 }, says: "a cent takes a credit: the share is rounded up" },
])("$says", ({ amount, take }) => {
  expect(creditsToTake(payment(), minorUnits(amount))).toEqual(take);
});

const anyPayment = record({
  paid: integer({ min: 1, max: 1_000_000_000 }),
  credits: nat(1_000_000),
  bonusCredits: nat(1_000_000),
});

test("whatever its parts are, a payment that is returned in full takes its credits exactly once", () => {
  void always(
    property(anyPayment, array(nat(1_000), { maxLength: 6 }), (given, parts) => {
      let now = payment(given);
      const reverse = (amount: number) => {
        const take = creditsToTake(now, minorUnits(amount));
        now = {
          ...now,
          reversed: minorUnits(now.reversed + amount),
          takenCredits: credits(now.takenCredits + take.credits),
          takenBonus: credits(now.takenBonus + take.bonus),
        };
        expect(now.takenCredits).toBeLessThanOrEqual(now.credits);
        expect(now.takenBonus).toBeLessThanOrEqual(now.bonusCredits);
      };
      for (const part of parts) reverse(Math.floor(((now.paid - now.reversed) * part) / 1_000));
      reverse(now.paid - now.reversed);
      expect(now).toMatchObject({ reversed: given.paid, takenCredits: given.credits, takenBonus: given.bonusCredits });
    }),
    { numRuns: 500 },
  );
});

test("the most that is refundable takes no more than is left, and one minor unit more would", () => {
  void always(
    property(anyPayment, nat(1_000), (given, share) => {
      const before = payment(given);
      const remaining = credits(Math.floor((before.credits * share) / 1_000));
      const most = mostRefundable(before, { remaining, rule: "unused" });
      expect(creditsToTake(before, most).credits).toBeLessThanOrEqual(remaining);
      if (most < before.paid) expect(creditsToTake(before, minorUnits(most + 1)).credits).toBeGreaterThan(remaining);
    }),
    { numRuns: 500 },
  );
});

const half = { remaining: credits(50), rule: "unused" } as const;

test.each([
  { amount: 495, goodwill: false, unused: half, expected: { ok: true, value: { credits: 50, bonus: 5 } } },
  {
    ...{ amount: 496, goodwill: false, unused: half },
    expected: { ok: false, refusal: { code: "REFUND_EXCEEDS_UNUSED", most: 495 } },
  },
  { amount: 496, goodwill: true, unused: half, expected: { ok: true, value: { credits: 51, bonus: 6 } } },
  {
    ...{ amount: 991, goodwill: true, unused: half },
    expected: { ok: false, refusal: { code: "REFUND_EXCEEDS_PAYMENT", most: 990 } },
  },
  {
    ...{ amount: 1, goodwill: false, unused: { ...half, rule: "never" } as const },
    expected: { ok: false, refusal: { code: "REFUND_EXCEEDS_UNUSED", most: 0 } },
  },
])("a refund of $amount with goodwill $goodwill is decided by what is unused", ({ amount, expected, ...given }) => {
  expect(checkRefund(payment(), { amount: minorUnits(amount), ...given })).toEqual(expected);
});

test("credits that earlier reversals took count for the later ones", () => {
  const later = payment({ reversed: 495, takenCredits: 50, takenBonus: 5 });
  expect(checkRefund(later, { amount: minorUnits(495), goodwill: false, unused: half })).toEqual({
    ...{ ok: true, value: { credits: 50, bonus: 5 } },
  });
});

const terms = { paid: minorUnits(990), credits: credits(100), bonusCredits: credits(10) };
const reversal = (fields: Partial<CountedReversal>): CountedReversal => ({
  ...{ kind: "refund", state: "done", rule: "unused", amount: minorUnits(495) },
  ...{ askedCredits: 50, takenCredits: 50, takenBonus: 5 },
  ...fields,
});

test.each([
  { of: reversal({}), left: 495, take: { credits: 50, bonus: 5 }, says: "a refund that is done counts" },
  {
    ...{
      of: reversal({ state: "asked", takenCredits: 0, takenBonus: 0 }),
      left: 495,
      take: { credits: 50, bonus: 10 },
    },
    says: "a refund that has not taken its credits yet counts as if it had",
  },
  {
    of: reversal({ state: "failed" }),
    left: 990,
    take: { credits: 50, bonus: 5 },
    says: "a failed one does not count",
  },
  {
    ...{ of: reversal({ kind: "dispute", state: "asked" }), left: 990, take: { credits: 50, bonus: 5 } },
    says: "a dispute before money has moved does not count",
  },
  {
    ...{ of: reversal({ rule: "keep", takenCredits: 0, takenBonus: 0 }), left: 495, take: { credits: 50, bonus: 5 } },
    says: "credits that the customer was allowed to keep are not taken by a later refund",
  },
])("$says", ({ of, left, take }) => {
  const now = withReversals(terms, [of]);
  expect(leftOf(now)).toBe(left);
  expect(creditsToTake(now, minorUnits(495))).toEqual(take);
});

test("a refund of ours without an answer and one at the provider can be about the same money: it counts once", () => {
  const all = { amount: minorUnits(990), askedCredits: 100, takenCredits: 100, takenBonus: 10 };
  const none = { ...all, askedCredits: 0, takenCredits: 0, takenBonus: 0 };
  const both = [reversal({ ...all, state: "taken" }), reversal({ ...none, kind: "outside" })];
  const now = withReversals(terms, both);
  expect(leftOf(now)).toBe(0);
  expect(creditsToTake(now, minorUnits(990))).toEqual({ credits: 0, bonus: 0 });
  expect(moneyOfReversals(terms.paid, both)).toEqual({ reversing: 0, reversed: 990 });
  // Once ours has failed, the other one takes its credits.
  const failed = [reversal({ ...all, state: "failed" })];
  expect(creditsToTake(withReversals(terms, failed), minorUnits(990))).toEqual({ credits: 100, bonus: 10 });
  const part = [reversal({ ...all, state: "taken" }), reversal({ ...none, kind: "outside", amount: minorUnits(90) })];
  expect(moneyOfReversals(terms.paid, part)).toEqual({ reversing: 900, reversed: 90 });
});

test("reversals that take their bonus at the same time, in any order, take together what belongs to their money", () => {
  void always(
    property(array(integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 8 }), array(nat(7)), (amounts, order) => {
      const now = amounts.map((amount) =>
        reversal({ state: "asked", amount: minorUnits(amount), takenCredits: 0, takenBonus: 0 }),
      );
      // Some decide on what they have read before others have taken anything.
      const early = now.map((_, at) => bonusToTake(terms, now, at));
      for (const n of [...order, ...now.keys()]) {
        const [at, own] = [n % now.length, now[n % now.length]];
        if (own?.state !== "asked") continue;
        const takenBonus = n % 2 === 0 ? bonusToTake(terms, now, at) : (early[at] ?? 0);
        now[at] = { ...own, state: "taken", takenBonus };
      }
      const [money, bonus] = [now, now].map((all, n) =>
        all.reduce((sum, each) => sum + (n === 0 ? each.amount : each.takenBonus), 0),
      );
      expect(bonus).toBe(Math.ceil((10 * (money ?? 0)) / 990));
    }),
    { numRuns: 500 },
  );
});
