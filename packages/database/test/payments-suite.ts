import { minorUnits } from "@jifen/billing";
import { ok, refuse } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { Order, Payment } from "../src/index.ts";
import { expectEachClaimedOnce, persistently, withFourOpenings } from "./claims.ts";
import { createdOrder, eventOf, newPayment, recordedPayment } from "./order-samples.ts";
import { newEvent, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

const initial = { transactionId: null, bonusTransactionId: null, creditedAtMs: null, details: null, checks: 0 };
const unreversed = { reversingMinor: 0, reversedMinor: 0, disputed: false };

/** The behavior of payments on every database. */
export function describePayments(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const credit = (payment: Payment, transactionId: string) =>
    here.database.payments.change(payment, ({ payment: now }) =>
      now.state === "accepted"
        ? ok({ set: { state: "credited", transactionId }, order: { state: "credited" }, event: eventOf("credited") })
        : refuse({ code: "NOT_ACCEPTED" }),
    );

  describe("a payment", () => {
    test("a recorded payment is found by its user, by its id alone and by its order, which is paid", async () => {
      const order = await createdOrder(here.database);
      const wanted = newPayment(order);
      const stored = { ...wanted, ...initial, ...unreversed, revision: 1 };
      const { payment, order: paid } = await recordedPayment(here.database, order, wanted);
      expect(payment).toEqual(stored);
      expect(paid).toEqual({ ...order, state: "paid", revision: 2 });
      expect(await here.database.payments.find(payment)).toEqual(stored);
      expect(await here.database.payments.findById(payment.id)).toEqual(stored);
      expect(await here.database.payments.ofOrders(order.userId, ["other", order.id])).toEqual([stored]);
      expect(await here.database.orders.find(order)).toEqual(paid);
      expect(await here.database.payments.findById("missing")).toBeUndefined();
      expect(await here.database.payments.find({ ...payment, id: "missing" })).toBeUndefined();
    });

    test("a payment that is reported 64 times concurrently is recorded once, and all get the stored row", async () => {
      const order = await createdOrder(here.database);
      const { id } = newPayment(order);
      await withFourOpenings(kind, here, async (databases) => {
        const recorded = await Promise.all(
          times(64, (n) =>
            persistently(async () =>
              databases[n % 4]?.payments.record({ order, id }, (before) => ({
                payment: newPayment(before.order, { id, grantId: `grant-${n}` }),
                ...{ order: { state: "paid" }, event: eventOf("payment accepted", { reference: id }) },
              })),
            ),
          ),
        );
        const values = recorded.map((each) => (each?.ok ? each.value : undefined));
        expect(values.filter((value) => value?.isNew)).toHaveLength(1);
        expect(new Set(values.map((value) => value?.payment.grantId)).size).toBe(1);
      });
      expect(await here.database.payments.ofOrders(order.userId, [order.id])).toHaveLength(1);
      expect(await here.database.orders.events(order)).toHaveLength(2);
    });

    test("of 12 different payments of an order that arrive concurrently, only one finds it unpaid, and none is lost", async () => {
      const order = await createdOrder(here.database);
      await withFourOpenings(kind, here, async (databases) => {
        await Promise.all(
          times(12, (n) => {
            const { id } = newPayment(order);
            return persistently(async () =>
              databases[n % 4]?.payments.record({ order, id }, (before) => {
                const isFirst = before.order.state === "new";
                const payment = newPayment(before.order, { id, state: isFirst ? "accepted" : "review" });
                return { payment, order: isFirst ? { state: "paid" } : {}, event: eventOf(payment.state) };
              }),
            );
          }),
        );
      });
      const payments = await here.database.payments.ofOrders(order.userId, [order.id]);
      expect(payments).toHaveLength(12);
      expect(payments.filter(({ state }) => state === "accepted")).toHaveLength(1);
      expect(await here.database.orders.find(order)).toMatchObject({ state: "paid", revision: 13 });
    });

    test("recording a payment says whether the user is deleted, and refuses an order that does not exist", async () => {
      const order = await createdOrder(here.database);
      const seen: boolean[] = [];
      const record = (of: Pick<Order, "userId" | "id">) => {
        const { id } = newPayment(order);
        return here.database.payments.record({ order: of, id }, ({ isUserDeleted }) => {
          seen.push(isUserDeleted);
          return { payment: newPayment(order, { id, state: "review" }), event: eventOf("review") };
        });
      };
      await record(order);
      await here.database.users.change({ id: order.userId, set: { deletedAtMs: 1 }, event: newEvent() });
      await record(order);
      expect(seen).toEqual([false, true]);
      expect(await record({ ...order, id: "missing" })).toEqual(refuse({ code: "ORDER_NOT_FOUND" }));
    });
  });

  describe("a change of a payment", () => {
    test("of 32 concurrent changes that exclude each other one happens, and the order moves with it", async () => {
      const { payment, order } = await recordedPayment(here.database, await createdOrder(here.database));
      const done = await Promise.all(times(32, (n) => credit(payment, `txn-${n}`)));
      expect(done.filter((each) => each.ok)).toHaveLength(1);
      const [winner] = done.flatMap((each) => (each.ok ? [each.value] : []));
      expect(await here.database.payments.find(payment)).toEqual(winner?.payment);
      expect(await here.database.orders.find(order)).toMatchObject({ state: "credited", revision: order.revision + 1 });
      expect(await here.database.orders.events(order)).toHaveLength(3);
    });

    test("an act of staff is written together with its audit event, and a refused one leaves nothing", async () => {
      const { payment } = await recordedPayment(here.database, await createdOrder(here.database), { state: "review" });
      const event = newEvent({ action: "payments.accept" });
      const accept = () =>
        here.database.payments.change(payment, ({ payment: { state } }) =>
          state === "review"
            ? ok({ set: { state: "accepted" }, event: eventOf("accepted by staff"), auditEvent: event })
            : refuse({ code: "NOT_IN_REVIEW" }),
        );
      expect((await accept()).ok).toBe(true);
      expect(await here.database.auditLog.list({ subject: event.subject }, { limit: 9 })).toEqual([event]);
      const [before, events] = [
        await here.database.payments.find(payment),
        await here.database.auditLog.list({}, { limit: 99 }),
      ];
      expect(await accept()).toEqual(refuse({ code: "NOT_IN_REVIEW" }));
      expect(await here.database.payments.find(payment)).toEqual(before);
      expect(await here.database.auditLog.list({}, { limit: 99 })).toEqual(events);
      const missing = here.database.payments.change({ ...payment, id: "no" }, () => refuse({ code: "NEVER" }));
      expect(await missing).toEqual(refuse({ code: "PAYMENT_NOT_FOUND" }));
    });

    test("the database refuses to reverse more than was paid", async () => {
      const order = await createdOrder(here.database);
      const { payment } = await recordedPayment(here.database, order);
      const reverse = (reversing: number, reversed: number) =>
        here.database.payments.change(payment, () =>
          ok({ set: { reversingMinor: reversing, reversedMinor: reversed }, event: eventOf("reversed") }),
        );
      expect((await reverse(490, 500)).ok).toBe(true);
      await expect(reverse(491, 500)).rejects.toThrow();
      await expect(reverse(0, 991)).rejects.toThrow();
      expect(await here.database.payments.find(payment)).toMatchObject({ reversingMinor: 490, reversedMinor: 500 });
    });

    test("a schedule that was computed from an older revision is not stored", async () => {
      const { payment } = await recordedPayment(here.database, await createdOrder(here.database));
      await here.database.payments.schedule(payment, { nextCheckMs: 5, checks: 1 });
      expect(await here.database.payments.find(payment)).toMatchObject({ nextCheckMs: 5, checks: 1, revision: 1 });
      await here.database.payments.change(payment, () => ok({ set: { nextCheckMs: null }, event: eventOf("x") }));
      await here.database.payments.schedule(payment, { nextCheckMs: 6 });
      expect(await here.database.payments.find(payment)).toMatchObject({ nextCheckMs: null });
    });
  });

  describe("lists of payments", () => {
    test("all payments are read in the order of their keys, those of a user too", async () => {
      const orders = [await createdOrder(here.database), await createdOrder(here.database)];
      const ids: string[] = [];
      for (const order of [...orders, ...orders]) ids.push((await recordedPayment(here.database, order)).payment.id);
      const all: Payment[] = [];
      for (;;) {
        const page = await here.database.payments.page({ limit: 3, after: all.at(-1) });
        all.push(...page);
        if (page.length < 3) break;
      }
      const keys = all.map(({ userId, id }) => `${userId} ${id}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(ids.filter((id) => !all.some((payment) => payment.id === id))).toEqual([]);
      const own = await here.database.payments.ofUser(`${orders[0]?.userId}` as Payment["userId"]);
      expect(own.map(({ id }) => id).toSorted()).toEqual([ids[0], ids[2]].toSorted());
    });

    test("four processes claim each payment whose grants are due once", async () => {
      const order = await createdOrder(here.database);
      const due: string[] = [];
      for (let n = 0; n < 20; n += 1) {
        const { payment } = await recordedPayment(here.database, order, { nextCheckMs: 10 + n });
        due.push(payment.id);
      }
      await recordedPayment(here.database, order, { nextCheckMs: 1_001 });
      await withFourOpenings(kind, here, (databases) =>
        expectEachClaimedOnce(databases, due, ({ payments }) =>
          payments.claimDue({ nowMs: 1_000, untilMs: 2_000, limit: 3 }),
        ),
      );
    });
  });

  describe("payments of orders that are not here", () => {
    const fact = {
      ...{ channel: "epay", merchant: "m:1", live: true, orderId: "0193 unknown", txnId: "T 积 1" },
      ...{ amount: { minor: minorUnits(990), currency: "CNY" as const }, paidAtMs: 5 },
    };

    test("a stray is stored once however often it is reported, and counts the reports", async () => {
      const { strays } = here.database;
      await strays.record(fact, 1_000);
      await Promise.all(times(9, (n) => strays.record(fact, 1_001 + n)));
      await strays.record(fact, 2_000);
      const key = { channel: "epay", merchant: "m:1", txnId: "T 积 1" };
      expect(await strays.find(key)).toEqual({
        ...{ ...key, orderNumber: "0193 unknown", live: true, amountMinor: 990, currency: "CNY", paidAtMs: 5 },
        ...{ firstMs: 1_000, lastMs: 2_000, times: 11, resolvedBy: null, resolvedAtMs: null, note: null },
      });
      expect(await strays.find({ ...key, txnId: "T2" })).toBeUndefined();
    });

    test("a stray is resolved by one person, with the audit event, and is no longer open", async () => {
      const { auditLog, reviews, strays } = here.database;
      await strays.record({ ...fact, txnId: "T2" }, 1_000);
      await strays.record({ ...fact, txnId: "T3" }, 500);
      const page = { kinds: ["stray"], limit: 99 } as const;
      const ours = async () =>
        (await reviews.list({ minAttempts: 1, reversalsUntilMs: 0 }, page))
          .map(({ id }) => id)
          .filter((id) => /^T[23]$/.test(id));
      expect(await ours()).toEqual(["T3", "T2"]);
      const key = { channel: "epay", merchant: "m:1", txnId: "T2" };
      const events = times(8, () => newEvent({ action: "strays.resolve" }));
      const done = await Promise.all(
        events.map((event) => strays.resolve(key, { by: event.id, atMs: 9, note: "returned" }, event)),
      );
      expect(done.filter(Boolean)).toHaveLength(1);
      const winner = events[done.indexOf(true)];
      expect(await strays.find(key)).toMatchObject({ resolvedBy: winner?.id, resolvedAtMs: 9, note: "returned" });
      const logged = await auditLog.list({ action: "strays.resolve" }, { limit: 99 });
      expect(logged.map(({ id }) => id)).toEqual([winner?.id]);
      expect(await ours()).toEqual(["T3"]);
    });
  });

  test("what is heard of a channel is stored in one row, and bad notices are counted", async () => {
    const { channels } = here.database;
    const epay = { channel: "epay", merchant: "m:1" };
    await channels.note({ ...epay, lastNoticeMs: 5 });
    await Promise.all(
      times(8, (n) => channels.note({ ...epay, lastBadMs: n, lastBadReason: "signature", badCount: 2 })),
    );
    await channels.note({ channel: "stripe", merchant: "live", lastError: "timeout", lastErrorMs: 3 });
    const [first, second] = await channels.list();
    expect(first).toMatchObject({
      ...epay,
      lastNoticeMs: 5,
      lastBadReason: "signature",
      badCount: 16,
      lastError: null,
    });
    expect(second).toMatchObject({ channel: "stripe", badCount: 0, lastError: "timeout", lastErrorMs: 3 });
  });

  test("a demo trade is stored once, and of 8 concurrent changes of what was read one takes effect", async () => {
    const { demoTrades } = here.database;
    const trade = {
      ...{ id: "0193-trade", amountMinor: 990, currency: "CNY", title: "100 积分", method: "qr" },
      ...{ returnUrl: "http://localhost:3000/return", createdAtMs: 1, expiresAtMs: 2 },
    };
    const opened = await Promise.all(times(8, (n) => demoTrades.open({ ...trade, amountMinor: 990 + n })));
    expect(new Set(opened.map(({ amountMinor }) => amountMinor)).size).toBe(1);
    const [first] = opened;
    if (!first) throw new Error("no trade was opened");
    expect(first).toMatchObject({
      ...trade,
      amountMinor: first.amountMinor,
      closedAtMs: null,
      payments: "[]",
      revision: 1,
    });
    const changed = await Promise.all(times(8, (n) => demoTrades.change(first, { payments: JSON.stringify([n]) })));
    expect(changed.filter(Boolean)).toHaveLength(1);
    const payments = JSON.stringify([changed.indexOf(true)]);
    expect(await demoTrades.find(trade.id)).toEqual({ ...first, payments, revision: 2 });
    expect(await demoTrades.find("missing")).toBeUndefined();
  });
}
