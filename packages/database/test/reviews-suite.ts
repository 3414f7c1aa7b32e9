import { minorUnits } from "@jifen/billing";
import { ok } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { expect, test } from "vitest";
import { type NewReversal, type Payment, type ReviewKind, type ReviewPosition, reviewKinds } from "../src/index.ts";
import { createdOrder, eventOf, newReversal, recordedPayment } from "./order-samples.ts";
import { useDatabase } from "./use-database.ts";

const bounds = { minAttempts: 10, reversalsUntilMs: 5_000 };

/** The behavior of the review list on every database. */
export function describeReviews(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const reverse = (payment: Payment, reversal: Partial<NewReversal>) =>
    here.database.reversals.ask(payment, () =>
      ok({
        reversal: newReversal(payment.id, payment.userId, reversal),
        payment: { set: {}, event: eventOf("reversal") },
      }),
    );

  test("the review list holds what a person has to look at, the oldest first, in pages of any size", async () => {
    const order = await createdOrder(here.database);
    const record = async (payment: Parameters<typeof recordedPayment>[2]) =>
      (await recordedPayment(here.database, order, payment)).payment;
    const credited = await record({ state: "credited", recordedAtMs: 1 });
    for (const recordedAtMs of [3_000, 1_000, 2_000, 2_000]) await record({ state: "review", recordedAtMs });
    await record({ state: "dismissed", recordedAtMs: 500 });
    await record({ recordedAtMs: 2_000, nextCheckMs: 9, checks: 10 });
    await record({ recordedAtMs: 2_000, nextCheckMs: 9, checks: 9 });
    await reverse(credited, { state: "stuck", createdAtMs: 9_000, shortfall: 3 });
    await reverse(credited, { state: "sent", createdAtMs: 5_000, nextCheckMs: 1 });
    await reverse(credited, { state: "asked", createdAtMs: 5_001, nextCheckMs: 1 });
    await reverse(credited, { state: "done", createdAtMs: 2_000, shortfall: 7 });
    await reverse(credited, { state: "failed", createdAtMs: 2_000 });
    for (const txnId of ["T1", "T2"]) {
      const amount = { minor: minorUnits(990), currency: "CNY" as const };
      const fact = { channel: "epay", merchant: "m:1", live: true, orderId: "unknown", txnId, amount, paidAtMs: 5 };
      await here.database.strays.record(fact, 2_000);
    }
    const { reviews } = here.database;
    const expected: readonly (readonly [number, ReviewKind])[] = [
      [1_000, "payment"],
      [2_000, "payment"],
      [2_000, "payment"],
      [2_000, "late"],
      [2_000, "stray"],
      [2_000, "stray"],
      [2_000, "shortfall"],
      [3_000, "payment"],
      [5_000, "reversal"],
      [9_000, "reversal"],
      [9_000, "shortfall"],
    ];
    for (const limit of [1, 2, 3, 99]) {
      const found: ReviewPosition[] = [];
      for (;;) {
        const page = await reviews.list(bounds, { kinds: reviewKinds, limit, after: found.at(-1) });
        found.push(...page);
        if (page.length < limit) break;
      }
      expect(found.map(({ sinceMs, kind: each }) => [sinceMs, each])).toEqual(expected);
      expect(new Set(found.map(({ id, kind: each }) => `${each} ${id}`)).size).toBe(expected.length);
    }
    for (const each of reviewKinds) {
      const ofKind = expected.filter(([, of]) => of === each);
      const only = await reviews.list(bounds, { kinds: [each], limit: 99 });
      expect(only.map(({ sinceMs, kind: of }) => [sinceMs, of])).toEqual(ofKind);
      expect(await reviews.count(bounds, each, 1_000)).toBe(ofKind.length);
      expect(await reviews.count(bounds, each, 1)).toBe(1);
    }
  });
}
