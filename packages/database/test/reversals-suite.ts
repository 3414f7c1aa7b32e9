import { minorUnits } from "@jifen/billing";
import { ok, refuse } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { expect, test } from "vitest";
import type { Database, NewReversal, Payment, Reversal } from "../src/index.ts";
import { DuplicateKey } from "../src/records/records.ts";
import { expectEachClaimedOnce, persistently, withFourOpenings } from "./claims.ts";
import { createdOrder, eventOf, newReversal, recordedPayment } from "./order-samples.ts";
import { times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/** The behavior of reversals on every database. */
export function describeReversals(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const paid = async (amount: number) => {
    const order = await createdOrder(here.database, { amountMinor: minorUnits(amount) });
    return (await recordedPayment(here.database, order)).payment;
  };
  /** Asks for one minor unit, if there is one left. */
  const ask = (payment: Payment, reversal: Partial<NewReversal> = {}, { reversals }: Database = here.database) =>
    reversals.ask(payment, ({ payment: now, reversals: others }) =>
      others.length < now.amountMinor
        ? ok({
            reversal: newReversal(payment.id, payment.userId, reversal),
            payment: { set: { reversingMinor: now.reversingMinor + 1 }, event: eventOf("reversal asked") },
          })
        : refuse({ code: "ALL_REVERSED" }),
    );
  const asked = async (payment: Payment, reversal: Partial<NewReversal> = {}) => {
    const outcome = await ask(payment, reversal);
    if (!outcome.ok) throw new Error(outcome.refusal.code);
    return outcome.value.reversal;
  };

  test("of 64 concurrent reversals of a payment, no more are inserted than its money allows", async () => {
    const payment = await paid(5);
    await withFourOpenings(kind, here, async (databases) => {
      const made = await Promise.all(times(64, (n) => persistently(() => ask(payment, {}, databases[n % 4]))));
      expect(made.filter((each) => each.ok)).toHaveLength(5);
      expect(made.find((each) => !each.ok)).toEqual(refuse({ code: "ALL_REVERSED" }));
    });
    expect(await here.database.payments.find(payment)).toMatchObject({ reversingMinor: 5 });
    expect(await here.database.reversals.ofPayments(payment.userId, [payment.id, "other"])).toHaveLength(5);
  });

  test("a reversal is found by its user and by its id alone, and one of an unknown payment is refused", async () => {
    const payment = await paid(5);
    const wanted = newReversal(payment.id, payment.userId, {
      ...{ reason: "不满意", idempotencyKey: "operator-of:a:1", request: '{"byHand":false}' },
    });
    const reversal = await asked(payment, wanted);
    expect(reversal).toEqual({ ...wanted, revision: 1, providerRef: null, checks: 0 });
    expect(await here.database.reversals.find(reversal)).toEqual(reversal);
    expect(await here.database.reversals.findById(reversal.id)).toEqual(reversal);
    expect(await here.database.reversals.findById("missing")).toBeUndefined();
    expect(await ask({ ...payment, id: "missing" })).toEqual(refuse({ code: "PAYMENT_NOT_FOUND" }));
  });

  test("of concurrent moves of a reversal one happens, with the change of its payment", async () => {
    const payment = await paid(5);
    const reversal = await asked(payment);
    const take = () =>
      here.database.reversals.change(reversal, ({ reversal: now, payment: of }) =>
        now.state === "asked"
          ? ok({
              set: { state: "taken", takenCredits: 1, takenBonus: 2, shortfall: 3 },
              payment: {
                set: { reversingMinor: of.reversingMinor - 1, reversedMinor: of.reversedMinor + 1 },
                event: eventOf("credits taken"),
              },
            })
          : refuse({ code: "TAKEN" }),
      );
    const done = await Promise.all(times(16, take));
    expect(done.filter((each) => each.ok)).toHaveLength(1);
    const taken = { state: "taken", takenCredits: 1, takenBonus: 2, shortfall: 3, revision: 2 };
    expect(await here.database.reversals.find(reversal)).toEqual({ ...reversal, ...taken });
    expect(await here.database.payments.find(payment)).toMatchObject({ reversingMinor: 0, reversedMinor: 1 });
    const missing = here.database.reversals.change({ ...reversal, id: "no" }, () => refuse({ code: "NEVER" }));
    expect(await missing).toEqual(refuse({ code: "REVERSAL_NOT_FOUND" }));
  });

  test("a reversal changes with another one of its payment, or neither does", async () => {
    const payment = await paid(9);
    const [one, other] = [await asked(payment), await asked(payment)];
    const change = (from: Reversal) =>
      here.database.reversals.change(one, ({ reversals }) =>
        reversals.some(({ state }) => state === "failed")
          ? refuse({ code: "FAILED" })
          : ok({
              set: { state: "failed" },
              other: { reversal: from, set: { shortfall: reversals.length } },
              payment: { set: {}, event: eventOf("failed") },
            }),
      );
    await expect(change({ ...other, revision: 9 })).rejects.toThrow("changed by others");
    expect(await here.database.reversals.find(one)).toEqual(one);
    expect((await change(other)).ok).toBe(true);
    expect(await here.database.reversals.find(one)).toMatchObject({ state: "failed", revision: 2 });
    expect(await here.database.reversals.find(other)).toEqual({ ...other, shortfall: 2, revision: 2 });
  });

  test("a refund that was made at the provider has one row, and so has a request of staff", async () => {
    const payment = await paid(9);
    await asked(payment, { outsideId: "re_1" });
    await asked(payment, { outsideId: "re_2", idempotencyKey: "one" });
    await asked(payment);
    await asked(payment);
    await expect(ask(payment, { outsideId: "re_1" })).rejects.toThrow(DuplicateKey);
    await expect(ask(payment, { idempotencyKey: "one" })).rejects.toThrow(DuplicateKey);
    const again = await here.database.reversals.ask({ ...payment, idempotencyKey: "one" }, () =>
      refuse({ code: "NEW" }),
    );
    expect(again).toEqual(
      refuse({ code: "ASKED_BEFORE", reversal: expect.objectContaining({ outsideId: "re_2", idempotencyKey: "one" }) }),
    );
    const unknown = here.database.reversals.ask({ ...payment, idempotencyKey: "two" }, () => refuse({ code: "NEW" }));
    expect(await unknown).toEqual(refuse({ code: "NEW" }));
    expect(await here.database.payments.find(payment)).toMatchObject({ reversingMinor: 4 });
    expect(await here.database.reversals.ofPayments(payment.userId, [payment.id])).toHaveLength(4);
  });

  test("the audit reads the reversals of a user, and the keys of all of them page by page", async () => {
    const payment = await paid(9);
    const made = [await asked(payment), await asked(payment), await asked(payment)];
    const ofUser = await here.database.reversals.ofUser(payment.userId);
    expect(ofUser.map(({ id }) => id).toSorted()).toEqual(made.map(({ id }) => id).toSorted());
    const read: string[] = [];
    for (let after: Reversal | undefined; ; ) {
      const page: readonly { userId: Reversal["userId"]; id: string }[] = await here.database.reversals.keysAfter(
        after,
        2,
      );
      read.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      if (!last || page.length < 2) break;
      after = { ...made[0], ...last } as Reversal;
    }
    expect(new Set(read).size).toBe(read.length);
    expect(read).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
  });

  test("four processes claim each due reversal once, and a schedule of an older revision or check is not stored", async () => {
    const payment = await paid(99);
    const due: Reversal[] = [];
    for (let n = 0; n < 10; n += 1) due.push(await asked(payment, { nextCheckMs: n }));
    const claim = { nowMs: 1_000, untilMs: 2_000, limit: 3 };
    await withFourOpenings(kind, here, (databases) =>
      expectEachClaimedOnce(
        databases,
        due.map(({ id }) => id),
        ({ reversals }) => reversals.claimDue(claim),
      ),
    );
    const [first] = due;
    if (!first) throw new Error("there is none");
    expect(await here.database.reversals.schedule({ ...first, revision: 9 }, { nextCheckMs: 5 })).toBe(false);
    expect(await here.database.reversals.find(first)).toMatchObject({ nextCheckMs: 2_000 });
    const counted = { nextCheckMs: 5, checks: 4 };
    const made = await Promise.all(times(4, () => here.database.reversals.schedule(first, counted)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await here.database.reversals.find(first)).toMatchObject({ nextCheckMs: 5, checks: 4 });
  });
}
