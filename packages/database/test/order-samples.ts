import { randomUUID } from "node:crypto";
import { minorUnits } from "@jifen/billing";
import { accountOf, ok, type UserId } from "@jifen/core";
import { expect } from "vitest";
import type { Database, NewOrder, NewOrderEvent, NewPayment, NewReversal, Order } from "../src/index.ts";
import { firstGrantOf } from "./commands.ts";
import { newEvent, newUser } from "./samples.ts";

const newId = () => randomUUID().replaceAll("-", "");

/** An event of an order. */
export const eventOf = (what: string, event: Partial<NewOrderEvent> = {}): NewOrderEvent => ({
  ...{ atMs: 1_700_000_000_000, what, source: "caller" },
  ...event,
});

/** An order to create. */
export const newOrder = (userId: UserId, order: Partial<NewOrder> = {}): NewOrder => ({
  ...{ userId, id: newId(), kind: "pack", itemId: "p100", title: '{"zh":"100 积分","en":"100 credits"}' },
  ...{ catalogueVersion: 3, channel: "epay", merchant: "pay.example.com/1000", method: "alipay", live: true },
  ...{ amountMinor: minorUnits(990), currency: "CNY", credits: 100, bonusCredits: 10, validDays: null },
  ...{ bonusValidDays: 90, priority: 50, refundRule: "unused", state: "new", idempotencyKey: null },
  ...{ createdAtMs: 1_700_000_000_000, expiresAtMs: 1_700_001_800_000, nextCheckMs: null },
  ...order,
});

/** A payment of an order to record. */
export const newPayment = (order: Order, payment: Partial<NewPayment> = {}): NewPayment => ({
  ...{ userId: order.userId, id: `pay-${newId()}`, orderId: order.id, channel: order.channel },
  ...{ merchant: order.merchant, txnId: newId(), live: order.live, amountMinor: order.amountMinor },
  ...{ currency: order.currency, paidAtMs: 1_700_000_001_000, recordedAtMs: 1_700_000_002_000, source: "notice" },
  ...{ state: "accepted", reason: null, grantId: `grant-${newId()}`, bonusGrantId: `grant-${newId()}` },
  ...{ credits: order.credits, bonusCredits: order.bonusCredits, priority: order.priority },
  ...{ expiresAtMs: null, bonusExpiresAtMs: 1_800_000_000_000, nextCheckMs: null },
  ...payment,
});

/** A reversal of a payment to insert. */
export const newReversal = (paymentId: string, userId: UserId, reversal: Partial<NewReversal> = {}): NewReversal => ({
  ...{ userId, id: newId(), paymentId, kind: "refund", outsideId: null, amountMinor: minorUnits(1), currency: "CNY" },
  ...{ rule: "unused", askedCredits: 1, takenCredits: 0, takenBonus: 0, shortfall: 0, state: "asked" },
  ...{ madeBy: "user:finance@example.com", createdAtMs: 1_700_000_003_000, nextCheckMs: null },
  ...reversal,
});

/** Creates a user and returns the id. */
export async function createdUser({ users }: Database): Promise<UserId> {
  const user = newUser();
  await users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 1), event: newEvent() });
  return user.id;
}

/** Creates an order of a new user. */
export async function createdOrder(database: Database, order: Partial<NewOrder> = {}): Promise<Order> {
  const wanted = newOrder(order.userId ?? (await createdUser(database)), order);
  const created = await database.orders.create(wanted, eventOf("created"), { mostUnfinished: 1_000 });
  if (!created.ok) throw new Error(created.refusal.code);
  return created.value.order;
}

/** Records a payment of an order, which is paid then. */
export async function recordedPayment(database: Database, order: Order, payment: Partial<NewPayment> = {}) {
  const wanted = newPayment(order, payment);
  const recorded = await database.payments.record({ order, id: wanted.id }, () => ({
    ...{ payment: wanted, order: { state: "paid" }, event: eventOf("payment accepted", { reference: wanted.id }) },
  }));
  expect(recorded).toEqual(ok(expect.objectContaining({ isNew: true })));
  if (!recorded.ok) throw new Error(recorded.refusal.code);
  return recorded.value;
}
