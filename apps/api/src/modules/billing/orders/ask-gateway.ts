import {
  GIVE_UP_MS,
  GRACE_MS,
  isUnfinished,
  minorUnits,
  nextLateLook,
  nextOrderCheck,
  type OrderAtGateway,
  type OrderEvent,
  stateAfter,
  type Trade,
} from "@jifen/billing";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { EventSource, Order } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";
import { creditPayment } from "../payments/credit-payment.ts";
import { settle } from "../payments/settle.ts";
import { applyReversalFacts } from "../reversals/apply-facts.ts";

/** An unfinished order that could not be asked about for a day is still asked about, this often. */
const LAST_PAUSE_MS = 3_600_000;

/**
 * How to ask. `txnId`: a transaction that a notice named. `closes`: ends the order at the provider, if that can be done.
 * `isAboutReversals`: there may be a refund or a dispute of an order that is paid.
 */
export type Ask = {
  readonly source: EventSource;
  readonly txnId?: string | undefined;
  readonly closes?: boolean | undefined;
  readonly isAboutReversals?: boolean | undefined;
};

/** The provider cannot be asked now: nothing about the order is known. */
export type NotAsked = { readonly code: "GATEWAY_UNAVAILABLE" };

/** `isGone`: nor later, because its merchant is no longer set up, or the account does not have it. */
type NotKnown = NotAsked & { readonly isGone: boolean };

/** As `askProvider`, in the form of a refusal of an operation. */
export async function askGateway(deps: PaymentDeps, order: Order, ask: Ask): Promise<Outcome<Order, NotAsked>> {
  const asked = await askProvider(deps, order, ask);
  return asked.ok ? asked : refuse({ code: asked.refusal.code });
}

/**
 * Asks the provider about an order and does what follows: payments are settled, refunds and disputes that the provider lists
 * take credits, an order that can no longer be paid is closed.
 * An order does not change because the provider could not be asked, unless it cannot be asked any more, and its time is over.
 * Afterwards its next check is scheduled.
 */
export async function askProvider(deps: PaymentDeps, order: Order, ask: Ask): Promise<Outcome<Order, NotKnown>> {
  if (order.state === "paid") await creditPaid(deps, order, ask.source);
  const isPaid = order.state === "paid" || order.state === "credited";
  // A notice that names a transaction can be about a second payment.
  if (isPaid && ask.txnId === undefined && !ask.isAboutReversals) return ok(await reread(deps, order));
  const trade = await tradeOf(deps, order, ask);
  if (trade === "gone" && isGivenUp(deps, order, ask)) {
    const source = ask.closes ? "caller" : "time";
    return ok(await close(deps, order, { event: "closed without the provider", source }));
  }
  if (trade === "gone" || trade === "unknown") {
    await schedule(deps, order);
    return refuse({ code: "GATEWAY_UNAVAILABLE", isGone: trade === "gone" });
  }
  for (const fact of trade.facts) await settle(deps, fact, ask.source);
  await applyReversalFacts(deps, order, { facts: trade.reversals, source: ask.source });
  const now = await reread(deps, order);
  if (isUnfinished(now.state) && (await isOver(deps, now, trade))) {
    return ok(await close(deps, now, { event: "closed by the provider", source: ask.source }));
  }
  await schedule(deps, now);
  return ok(now);
}

/** Grants what is due of an order that is paid. */
async function creditPaid(deps: PaymentDeps, order: Order, source: EventSource): Promise<void> {
  const payments = await deps.database.payments.ofOrders(order.userId, [order.id]);
  for (const payment of payments) await creditPayment(deps, payment, source);
}

/** Not what the provider says: it cannot be asked now, or no longer by the same merchant or about this order. */
type NoTrade = "unknown" | "gone";

/** What the provider says. */
async function tradeOf(
  { channels, nowMs, log }: PaymentDeps,
  order: Order,
  { txnId, closes = false }: Ask,
): Promise<Trade | NoTrade> {
  const channel = channels.get(order.channel);
  if (channel === undefined || channel.gateway.merchant !== order.merchant) return "gone";
  const at = atGateway(order);
  const found = await channel.run((gateway) => gateway.find(at, txnId));
  if (!found.ok) {
    log.warn({ order: order.id, channel: order.channel, failure: found.refusal }, "an order cannot be asked about");
    return found.refusal.code !== "GATEWAY_REFUSED" && found.refusal.isOfOrder ? "gone" : "unknown";
  }
  const trade = found.value;
  const isEnded = closes || nowMs() >= order.expiresAtMs;
  const canEnd = isUnfinished(order.state) && trade.state !== "closed" && channel.gateway.limits.canClose;
  if (!isEnded || !canEnd || trade.facts.length > 0) return trade;
  // It can be paid between the question and the end: what `close` says counts.
  const closed = await channel.run((gateway) => gateway.close(at));
  return closed.ok ? closed.value : "unknown";
}

/**
 * Whether an order whose provider cannot be asked is given up: a day after its end, or when its user wants that after its end.
 * It must not keep a place among the user's orders for ever. Money that comes later is credited all the same.
 */
const isGivenUp = ({ nowMs }: PaymentDeps, { state, expiresAtMs }: Order, { closes }: Ask): boolean =>
  isUnfinished(state) && nowMs() >= expiresAtMs + (closes ? 0 : GIVE_UP_MS);

/** Whether an order can no longer be paid: the provider says so, or it does not know the order some time after its end. */
async function isOver({ channels, database, nowMs }: PaymentDeps, order: Order, trade: Trade): Promise<boolean> {
  const { userId, id, channel, expiresAtMs } = order;
  if (trade.facts.length > 0) {
    // What was paid is dealt with, and was not accepted.
    const payments = await database.payments.ofOrders(userId, [id]);
    const isDealtWith = payments.every(({ state }) => state === "dismissed" || state === "returned");
    return payments.length > 0 && isDealtWith && (trade.state === "closed" || nowMs() >= expiresAtMs);
  }
  if (trade.state === "closed") return true;
  const canClose = channels.get(channel)?.gateway.limits.canClose ?? true;
  return nowMs() >= expiresAtMs + GRACE_MS && (trade.state === "absent" || !canClose);
}

type Closing = {
  readonly event: Extract<OrderEvent, "closed by the provider" | "closed without the provider">;
  readonly source: EventSource;
};

async function close({ database, nowMs }: PaymentDeps, order: Order, { event, source }: Closing): Promise<Order> {
  const atMs = nowMs();
  const closed = await database.orders.change(order, ({ state, expiresAtMs }) => {
    const next = stateAfter(state, event);
    if (next === undefined) return refuse({ code: "MOVED" as const });
    // Money that was on its way is looked for afterwards.
    const set = { state: next, payable: null, slot: null, nextCheckMs: nextLateLook(expiresAtMs, atMs) };
    return ok({ set, event: { atMs, what: event, source } });
  });
  return closed.ok ? closed.value : reread({ database }, order);
}

async function schedule({ database, nowMs }: PaymentDeps, order: Order): Promise<void> {
  const nextCheckMs = isUnfinished(order.state)
    ? (nextOrderCheck(order, nowMs()) ?? nowMs() + LAST_PAUSE_MS)
    : nextLateLook(order.expiresAtMs, nowMs());
  const isSought = isUnfinished(order.state) || order.state === "closed";
  await database.orders.schedule(order, { nextCheckMs: isSought ? nextCheckMs : null, checks: order.checks + 1 });
}

async function reread({ database }: Pick<PaymentDeps, "database">, order: Order): Promise<Order> {
  return (await database.orders.find(order)) ?? order;
}

/** An order as a gateway is asked about it. */
const atGateway = (order: Order): OrderAtGateway => ({
  orderId: order.id,
  amount: { minor: minorUnits(order.amountMinor), currency: order.currency },
  ...{ method: order.method, createdAtMs: order.createdAtMs, expiresAtMs: order.expiresAtMs },
  ...{ isPayable: order.payable !== null || order.state !== "new", providerRef: order.providerRef },
});
