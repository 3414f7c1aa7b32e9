import { type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { Records, RecordTransaction } from "../records/records.ts";
import { claimDue, type DueClaim } from "./claim-due.ts";
import { type Attempt, retryChanged } from "./conditional-change.ts";
import {
  changeOrder,
  type NewOrder,
  type NewOrderEvent,
  type Order,
  type OrderEventRow,
  type OrderSet,
  toOrder,
  toOrderEvent,
} from "./order.ts";
import type { Page } from "./page.ts";

/** How many orders a user can have. */
export type OrderLimits = {
  /** Orders that can still be paid. */
  readonly mostUnfinished: number;
  /** Orders of the same item that were not left unpaid; no limit if left out. */
  readonly mostOfItem?: number | undefined;
};

/** Why an order was not created. */
export type OrderRefusal =
  | { code: "USER_NOT_FOUND" }
  | { code: "ORDER_LIMIT"; limit: number }
  | { code: "ALREADY_BOUGHT"; limit: number };

/** The primary key of an order. */
export type OrderKey = Pick<Order, "userId" | "id">;

/** Which orders to list. Times are epoch milliseconds, `fromMs` inclusive, `toMs` exclusive. */
export type OrderFilter = {
  readonly userId?: UserId | undefined;
  readonly state?: Order["state"] | undefined;
  readonly channel?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
};

/** What becomes of an order. */
type DecideOrder<Refusal> = (
  order: Order,
) => Outcome<{ readonly set?: OrderSet; readonly event: NewOrderEvent }, Refusal>;

/** Orders. Every operation rejects as `Records` does. */
export type OrderStore = {
  /**
   * Creates an order with its first event. An order with the same idempotency key is returned instead, `isNew` false. The
   * limits hold for concurrent calls of several processes as well.
   * Refuses, in this order: USER_NOT_FOUND (also for a deleted user), ORDER_LIMIT, ALREADY_BOUGHT.
   */
  create(
    order: NewOrder,
    event: NewOrderEvent,
    limits: OrderLimits,
  ): Promise<Outcome<{ readonly order: Order; readonly isNew: boolean }, OrderRefusal>>;
  find(key: OrderKey): Promise<Order | undefined>;
  /** The order of a user under an idempotency key. */
  findByKey(userId: UserId, idempotencyKey: string): Promise<Order | undefined>;
  /** An order by its id alone: that reads every node on which it could be. */
  findById(id: string): Promise<Order | undefined>;
  /** Newest first, because ids grow with time. `before`: only smaller ids. */
  list(filter: OrderFilter, page: Page<string>): Promise<readonly Order[]>;
  /** The events of an order, oldest first. */
  events(key: OrderKey): Promise<readonly OrderEventRow[]>;
  /**
   * Changes an order by what `decide` returns for it, with an event. `decide` is pure; it runs again when the order was changed
   * concurrently.
   */
  change<Refusal>(
    key: OrderKey,
    decide: DecideOrder<Refusal>,
  ): Promise<Outcome<Order, Refusal | { code: "ORDER_NOT_FOUND" }>>;
  /** Sets when the order is asked for next, unless it was changed since it was read. */
  schedule(order: Order, set: Pick<OrderSet, "nextCheckMs" | "checks">): Promise<void>;
  /** Claims orders that are due to be asked for at the provider. */
  claimDue(claim: DueClaim): Promise<readonly Order[]>;
  /** Claims the right to ask the provider about an order now, unless it was asked in the last `gapMs`. */
  claimCheck(order: Order, times: { readonly nowMs: number; readonly gapMs: number }): Promise<boolean>;
  /** How many orders of a state in which they can be paid there are, counting up to `limit`. */
  countUnfinished(state: "new" | "open", limit: number): Promise<number>;
  /** Orders that can still be paid, the longest due first, at most `limit`. */
  waiting(limit: number): Promise<readonly Order[]>;
  /** When the order that waits longest is, or was, to be asked about; undefined when none waits. */
  firstDueMs(): Promise<number | undefined>;
  /** Counts that the event of a payment was reported again. */
  countRepeat(key: OrderKey, paymentId: string): Promise<void>;
};

/** Orders on any database. */
export const createOrderStore = (records: Records): OrderStore => ({
  create: (order, event, limits) => records.transaction((tx) => createOrder(tx, { order, event, limits })),

  find: async ({ userId, id }) => {
    const found = await records.get("orders", { userId, id });
    return found && toOrder(found);
  },

  findByKey: async (userId, idempotencyKey) => {
    const [found] = await records.list("orders", { where: { userId, idempotencyKey }, limit: 1 });
    return found && toOrder(found);
  },

  findById: async (id) => {
    const [found] = await records.list("orders", { where: { id }, limit: 1, index: "id" });
    return found && toOrder(found);
  },

  list: async ({ userId, state, channel, fromMs, toMs }, { limit, before }) => {
    const where = { userId, state, channel, createdAtMs: { gte: fromMs, lt: toMs } };
    const after = before === undefined ? undefined : { id: before };
    return (await records.list("orders", { where, by: ["id"], direction: "desc", after, limit })).map(toOrder);
  },

  events: async ({ userId, id }) => {
    const found = await records.list("order_events", { where: { userId, orderId: id }, by: ["number"] });
    return found.map(toOrderEvent);
  },

  change: <Refusal>(key: OrderKey, decide: DecideOrder<Refusal>) =>
    retryChanged(records, key.userId, async (tx): Promise<Attempt<Order, Refusal | { code: "ORDER_NOT_FOUND" }>> => {
      const stored = await tx.get("orders", { userId: key.userId, id: key.id });
      if (!stored) return refuse({ code: "ORDER_NOT_FOUND" });
      const order = toOrder(stored);
      const decision = decide(order);
      if (!decision.ok) return decision;
      return changeOrder(tx, order, decision.value);
    }),

  schedule: async ({ userId, id, revision }, set) => {
    await records.compareAndSet("orders", { userId, id }, { expected: { revision }, set });
  },

  claimDue: async (claim) => (await claimDue(records, "orders", claim)).map(toOrder),

  claimCheck: async ({ userId, id, checkedAtMs }, { nowMs, gapMs }) => {
    if (checkedAtMs > nowMs - gapMs) return false;
    const claim = { expected: { checkedAtMs }, set: { checkedAtMs: nowMs } };
    return records.compareAndSet("orders", { userId, id }, claim);
  },

  countUnfinished: (state, limit) => records.count("orders", { state, nextCheckMs: { gte: 0 } }, limit),

  waiting: async (limit) => {
    const where = { nextCheckMs: { gte: 0 }, state: { in: ["new", "open"] } };
    return (await records.list("orders", { where, by: ["nextCheckMs", "id"], limit, index: "due" })).map(toOrder);
  },

  firstDueMs: async () => {
    const [first] = await records.list("orders", {
      ...{ where: { nextCheckMs: { gte: 0 } }, by: ["nextCheckMs", "id"], limit: 1, index: "due" },
    });
    return first?.nextCheckMs ?? undefined;
  },

  countRepeat: async ({ userId, id }, paymentId) => {
    // Grants and refunds name the payment as well. Its own event is the first: a payment is recorded before all else is done.
    const where = { userId, orderId: id, reference: paymentId };
    const [own] = await records.list("order_events", { where, by: ["number"], limit: 1 });
    if (!own) return;
    await records.update("order_events", { userId, orderId: id, number: own.number }, { add: { repeats: 1 } });
  },
});

async function createOrder(
  tx: RecordTransaction,
  { order, event, limits }: { order: NewOrder; event: NewOrderEvent; limits: OrderLimits },
): Promise<Outcome<{ readonly order: Order; readonly isNew: boolean }, OrderRefusal>> {
  const { userId, idempotencyKey = null } = order;
  // Two transactions that count at the same time would both find room: creating an order locks its user.
  if (!(await tx.lock("users", { id: userId }, { deletedAtMs: null }))) return refuse({ code: "USER_NOT_FOUND" });
  if (idempotencyKey !== null) {
    const [stored] = await tx.list("orders", { where: { userId, idempotencyKey }, limit: 1 });
    if (stored) return ok({ order: toOrder(stored), isNew: false });
  }
  const { mostUnfinished, mostOfItem } = limits;
  const unfinished = { userId, state: { in: ["new", "open"] } };
  if ((await tx.count("orders", unfinished, mostUnfinished)) >= mostUnfinished) {
    return refuse({ code: "ORDER_LIMIT", limit: mostUnfinished });
  }
  const slot = mostOfItem === undefined ? null : await freeSlot(tx, order, mostOfItem);
  if (slot === undefined) return refuse({ code: "ALREADY_BOUGHT", limit: mostOfItem ?? 0 });
  await tx.insert("orders", { ...order, revision: 1, slot });
  await tx.insert("order_events", { ...event, userId, orderId: order.id, number: 1 });
  const stored = await tx.get("orders", { userId, id: order.id });
  if (!stored) throw new Error("an order was written and is not there");
  return ok({ order: toOrder(stored), isNew: true });
}

/** The first slot of the item that no other order of the user has; undefined when all are taken. */
async function freeSlot(
  tx: RecordTransaction,
  { userId, kind, itemId }: NewOrder,
  most: number,
): Promise<string | undefined> {
  const slots = Array.from({ length: most }, (_, at) => `${kind}:${itemId}:${at + 1}`);
  const taken = await tx.list("orders", { where: { userId, slot: { in: slots } } });
  return slots.find((slot) => !taken.some((order) => order.slot === slot));
}
