import { ok, refuse } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { NewOrder, OrderLimits } from "../src/index.ts";
import { expectEachClaimedOnce, persistently, withFourOpenings } from "./claims.ts";
import { createdOrder, createdUser, eventOf, newOrder, recordedPayment } from "./order-samples.ts";
import { newEvent, newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

const limits: OrderLimits = { mostUnfinished: 1_000 };

/** The behavior of orders on every database. */
export function describeOrders(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const create = (order: NewOrder, limit = limits, { orders } = here.database) =>
    persistently(() => orders.create(order, eventOf("created"), limit));
  const isMade = ({ ok: isOk }: { readonly ok: boolean }) => isOk;
  const close = (order: NewOrder) =>
    here.database.orders.change(order, () => ok({ set: { state: "closed", slot: null }, event: eventOf("closed") }));

  describe("an order", () => {
    test("a created order is found by its user, by its id alone and in the list, with its first event", async () => {
      const user = await createdUser(here.database);
      const order = newOrder(user, { idempotencyKey: "caller:键-1", requestParams: "{}", nextCheckMs: 5 });
      const stored = {
        ...order,
        ...{ revision: 1, slot: "pack:p100:1", payable: null, providerRef: null, returnUrl: null },
        ...{ checkedAtMs: 0, checks: 0 },
      };
      const first = eventOf("created", { details: '{"ip":"::1"}' });
      const { orders } = here.database;
      expect(await orders.create(order, first, { ...limits, mostOfItem: 1 })).toEqual(
        ok({ order: stored, isNew: true }),
      );
      expect(await orders.find(order)).toEqual(stored);
      expect(await orders.findById(order.id)).toEqual(stored);
      expect(await orders.findByKey(user, "caller:键-1")).toEqual(stored);
      expect(await orders.findByKey(user, "caller:键-2")).toBeUndefined();
      expect(await orders.list({ userId: user }, { limit: 2 })).toEqual([stored]);
      const event = { ...first, userId: user, orderId: order.id, number: 1, reference: null, repeats: 0 };
      expect(await orders.events(order)).toEqual([event]);
      expect(await orders.find({ userId: newUserId(), id: order.id })).toBeUndefined();
      expect(await orders.findById("missing")).toBeUndefined();
    });

    test("an order of an unknown or a deleted user is refused, and nothing is stored", async () => {
      const gone = await createdUser(here.database);
      await here.database.users.change({ id: gone, set: { deletedAtMs: 1 }, event: newEvent() });
      for (const user of [gone, newUserId()]) {
        const order = newOrder(user);
        expect(await create(order)).toEqual(refuse({ code: "USER_NOT_FOUND" }));
        expect(await here.database.orders.findById(order.id)).toBeUndefined();
        expect(await here.database.orders.events(order)).toEqual([]);
      }
    });

    test("of 64 concurrent orders with the same key, one is created and all get it", async () => {
      const user = await createdUser(here.database);
      await withFourOpenings(kind, here, async (databases) => {
        const made = await Promise.all(
          times(64, (n) => create(newOrder(user, { idempotencyKey: "caller:one" }), limits, databases[n % 4])),
        );
        const values = made.map((each) => (each.ok ? each.value : undefined));
        expect(values.filter((value) => value?.isNew)).toHaveLength(1);
        expect(new Set(values.map((value) => value?.order.id)).size).toBe(1);
      });
      expect(await here.database.orders.list({ userId: user }, { limit: 100 })).toHaveLength(1);
    });

    test("of 64 concurrent orders of a user, no more are created than can be unfinished", async () => {
      const user = await createdUser(here.database);
      await withFourOpenings(kind, here, async (databases) => {
        const five = { mostUnfinished: 5 };
        const made = await Promise.all(times(64, (n) => create(newOrder(user), five, databases[n % 4])));
        expect(made.filter(isMade)).toHaveLength(5);
        expect(made.find((each) => !each.ok)).toEqual(refuse({ code: "ORDER_LIMIT", limit: 5 }));
      });
      const [order] = await here.database.orders.list({ userId: user }, { limit: 1 });
      if (order) await close(order);
      expect(isMade(await create(newOrder(user), { mostUnfinished: 5 }))).toBe(true);
    });

    test("of 64 concurrent orders for an item, no more are created than the user can buy, and a closed one makes room", async () => {
      const user = await createdUser(here.database);
      const twice = { ...limits, mostOfItem: 2 };
      await withFourOpenings(kind, here, async (databases) => {
        const made = await Promise.all(times(64, (n) => create(newOrder(user), twice, databases[n % 4])));
        expect(made.filter(isMade)).toHaveLength(2);
        expect(made.find((each) => !each.ok)).toEqual(refuse({ code: "ALREADY_BOUGHT", limit: 2 }));
      });
      expect(isMade(await create(newOrder(user, { itemId: "p200" }), twice))).toBe(true);
      const bought = await here.database.orders.list({ userId: user }, { limit: 10 });
      const closed = bought.find(({ slot }) => slot === "pack:p100:1");
      if (closed) await close(closed);
      const again = await create(newOrder(user), twice);
      expect(again).toMatchObject({ ok: true, value: { order: { slot: "pack:p100:1" } } });
      expect(isMade(await create(newOrder(user), twice))).toBe(false);
    });
  });

  describe("a change of an order", () => {
    test("concurrent changes all happen one after the other, each with an event of its own number", async () => {
      const order = await createdOrder(here.database);
      await withFourOpenings(kind, here, async (databases) => {
        const changed = await Promise.all(
          times(16, (n) =>
            databases[n % 4]?.orders.change(order, (now) =>
              ok({ set: { checks: now.checks + 1 }, event: eventOf(`change ${n}`) }),
            ),
          ),
        );
        expect(changed.every((each) => each?.ok)).toBe(true);
      });
      expect(await here.database.orders.find(order)).toMatchObject({ checks: 16, revision: 17 });
      const events = await here.database.orders.events(order);
      expect(events.map(({ number }) => number)).toEqual(times(17, (n) => n + 1));
      expect(new Set(events.map(({ what }) => what)).size).toBe(17);
    });

    test("of concurrent moves that exclude each other, one happens", async () => {
      const order = await createdOrder(here.database);
      const moved = await Promise.all(
        times(16, (n) =>
          here.database.orders.change(order, ({ state }) =>
            state === "new"
              ? ok({ set: { state: n % 2 === 0 ? "open" : "failed" }, event: eventOf("moved") })
              : refuse({ code: "MOVED" }),
          ),
        ),
      );
      expect(moved.filter(isMade)).toHaveLength(1);
      expect(await here.database.orders.events(order)).toHaveLength(2);
    });

    test("a refused change writes nothing, and one of an order that does not exist is refused", async () => {
      const order = await createdOrder(here.database);
      const refused = await here.database.orders.change(order, () => refuse({ code: "NO" }));
      expect(refused).toEqual(refuse({ code: "NO" }));
      expect(await here.database.orders.find(order)).toEqual(order);
      const missing = { ...order, id: "missing" };
      const change = here.database.orders.change(missing, () => ok({ event: eventOf("never") }));
      expect(await change).toEqual(refuse({ code: "ORDER_NOT_FOUND" }));
    });

    test("a schedule that was computed from an older revision is not stored", async () => {
      const order = await createdOrder(here.database);
      await here.database.orders.schedule(order, { nextCheckMs: 7, checks: 1 });
      expect(await here.database.orders.find(order)).toMatchObject({ nextCheckMs: 7, checks: 1, revision: 1 });
      await here.database.orders.change(order, () => ok({ set: { nextCheckMs: null }, event: eventOf("moved") }));
      await here.database.orders.schedule(order, { nextCheckMs: 9 });
      expect(await here.database.orders.find(order)).toMatchObject({ nextCheckMs: null });
    });

    test("a repeated report of a payment is counted on its event alone", async () => {
      const order = await createdOrder(here.database);
      for (const what of ["payment accepted", "credits granted", "refund: done"]) {
        const event = eventOf(what, { reference: "pay-1" });
        await here.database.orders.change(order, () => ok({ event }));
      }
      await Promise.all(times(20, () => here.database.orders.countRepeat(order, "pay-1")));
      await here.database.orders.countRepeat(order, "pay-2");
      expect((await here.database.orders.events(order)).map(({ repeats }) => repeats)).toEqual([0, 20, 0, 0]);
    });
  });

  describe("the list of orders", () => {
    test("list returns orders newest first, in pages and by state, channel and time", async () => {
      const user = await createdUser(here.database);
      const ids = times(5, (n) => `0193${n}${"a".repeat(27)}`);
      for (const [n, id] of ids.entries()) {
        const channel = n % 2 === 0 ? "epay" : "stripe";
        await create(newOrder(user, { id, channel, createdAtMs: 1_000 + n }));
      }
      const list = async (filter: object, page = {}) =>
        (await here.database.orders.list({ userId: user, ...filter }, { limit: 10, ...page })).map(({ id }) =>
          ids.indexOf(id),
        );
      expect(await list({}, { limit: 2 })).toEqual([4, 3]);
      expect(await list({}, { limit: 2, before: ids[3] })).toEqual([2, 1]);
      expect(await list({ channel: "stripe" })).toEqual([3, 1]);
      expect(await list({ fromMs: 1_001, toMs: 1_003 })).toEqual([2, 1]);
      expect(await list({ state: "paid" })).toEqual([]);
      expect(await here.database.orders.list({ channel: "stripe" }, { limit: 100 })).not.toEqual([]);
    });
  });

  describe("orders that are due", () => {
    test("four processes claim each due order once, and it is due again when the claim has ended", async () => {
      const user = await createdUser(here.database);
      const due = [];
      for (let n = 0; n < 60; n += 1) {
        due.push(await createdOrder(here.database, { userId: user, nextCheckMs: 100 + n }));
      }
      const later = await createdOrder(here.database, { userId: user, nextCheckMs: 1_001 });
      const claim = { nowMs: 1_000, untilMs: 2_000, limit: 7 };
      const ids = due.map(({ id }) => id);
      await withFourOpenings(kind, here, async (databases) => {
        await expectEachClaimedOnce(databases, ids, ({ orders }) => orders.claimDue(claim));
        expect(await here.database.orders.claimDue({ ...claim, nowMs: 1_999 })).toMatchObject([{ id: later.id }]);
        const again = { nowMs: 2_000, untilMs: 3_000, limit: 100 };
        await expectEachClaimedOnce(databases, [...ids, later.id], ({ orders }) => orders.claimDue(again));
      });
    });

    test("orders that wait are counted by state and listed, the longest due first, without final ones", async () => {
      const user = await createdUser(here.database);
      const { orders, payments } = here.database;
      const before = [await orders.countUnfinished("new", 999), await orders.countUnfinished("open", 999)];
      const firstMs = (await orders.firstDueMs()) ?? 50;
      const waiting = await createdOrder(here.database, { userId: user, nextCheckMs: firstMs - 2 });
      const open = await createdOrder(here.database, { userId: user, state: "open", nextCheckMs: firstMs - 1 });
      await createdOrder(here.database, { userId: user, state: "closed", nextCheckMs: firstMs - 3 });
      const after = [await orders.countUnfinished("new", 999), await orders.countUnfinished("open", 999)];
      expect(after).toEqual(before.map((count) => count + 1));
      expect((await orders.waiting(2)).map(({ id }) => id)).toEqual([waiting.id, open.id]);
      expect(await orders.firstDueMs()).toBe(firstMs - 3);
      const due = await payments.countDue(999);
      await recordedPayment(here.database, open, { nextCheckMs: 5 });
      await recordedPayment(here.database, waiting, { state: "credited", nextCheckMs: null });
      expect(await payments.countDue(999)).toBe(due + 1);
    });

    test("the earliest orders are claimed first", async () => {
      const user = await createdUser(here.database);
      for (const nextCheckMs of [3, 1, 2]) await createdOrder(here.database, { userId: user, nextCheckMs });
      const [first, ...others] = await here.database.orders.claimDue({ nowMs: 2, untilMs: 9_000, limit: 1 });
      expect(others).toEqual([]);
      expect(first).toMatchObject({ userId: user, nextCheckMs: 9_000 });
      const rest = await here.database.orders.claimDue({ nowMs: 2, untilMs: 9_000, limit: 9 });
      expect(rest).toHaveLength(1);
    });

    test("of concurrent requests to ask the provider one is granted, and the next one after the gap", async () => {
      const order = await createdOrder(here.database);
      const ask = async (nowMs: number) => {
        const read = await here.database.orders.find(order);
        const asked = await Promise.all(
          times(16, () => here.database.orders.claimCheck(read ?? order, { nowMs, gapMs: 3_000 })),
        );
        return asked.filter(Boolean).length;
      };
      expect(await ask(10_000)).toBe(1);
      expect(await ask(12_999)).toBe(0);
      expect(await ask(13_000)).toBe(1);
    });
  });
}
