import type { Gateway, Notice, NoticeVerdict } from "@jifen/billing";
import { ok } from "@jifen/core";
import type { Order } from "@jifen/database";
import { type Ask, askProvider } from "../orders/ask-gateway.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { lookAtRefund } from "../reversals/look-at-refund.ts";
import { creditPayment } from "./credit-payment.ts";
import { paymentIdOf } from "./payment-id.ts";

/** Asks the provider for what a notice is about, unless it says everything by itself. */
export async function look(deps: PaymentDeps, gateway: Gateway, notice: Notice): Promise<NoticeVerdict> {
  const at = notice.look;
  switch (at.at) {
    case "nothing":
      return "recorded";
    case "order":
      return lookAtOrder(deps, at.orderId, { gateway, notice, ask: { source: "notice", txnId: at.txnId } });
    case "refund": {
      const order = await deps.database.orders.findById(at.orderId);
      return order ? lookAtRefund(deps, order, at.refundId) : noteUnknown(deps, at.orderId, notice);
    }
    case "payment":
      return lookAtPayment(deps, at.txnId, { gateway, notice, ask: { source: "notice", isAboutReversals: true } });
    default:
      return at satisfies never;
  }
}

/** What a notice is looked at with. */
type Looking = { readonly gateway: Gateway; readonly notice: Notice; readonly ask: Ask };

/** Notices about refunds and disputes can come before the payment is known, and from other programs of the same account. */
async function lookAtPayment(deps: PaymentDeps, txnId: string, looking: Looking): Promise<NoticeVerdict> {
  const { channel, merchant, orderOf } = looking.gateway;
  const payment = await deps.database.payments.findById(paymentIdOf({ channel, merchant, txnId }));
  if (payment) return lookAtOrder(deps, payment.orderId, looking);
  const calls = deps.channels.get(channel);
  if (!orderOf || !calls) return "unknown-order";
  const named = await calls.run((gateway) => gateway.orderOf?.(txnId) ?? Promise.resolve(ok(undefined)));
  if (!named.ok) return "unavailable";
  return named.value === undefined ? "recorded" : lookAtOrder(deps, named.value, looking);
}

async function lookAtOrder(
  deps: PaymentDeps,
  orderId: string,
  { gateway, notice, ask }: Looking,
): Promise<NoticeVerdict> {
  const { claims } = notice;
  const { orders, payments } = deps.database;
  if (claims.length > 0 && (await areRecorded(deps, notice))) return "recorded";
  const order = await orders.findById(orderId);
  if (!order) return noteUnknown(deps, orderId, notice);
  // An order of another merchant or channel cannot be asked about.
  const isOfGateway = order.channel === gateway.channel && order.merchant === gateway.merchant;
  const asked = isOfGateway ? await askProvider(deps, order, ask) : undefined;
  if (asked?.ok !== true) {
    const isGone = asked === undefined || asked.refusal.isGone;
    return isGone && claims.length > 0 ? noteUnprovable(deps, order, notice) : "unavailable";
  }
  const recorded = await Promise.all(claims.map((claim) => payments.findById(paymentIdOf(claim))));
  // What the provider does not confirm yet is to be sent again.
  return recorded.every(Boolean) ? "recorded" : "unavailable";
}

async function noteUnknown(deps: PaymentDeps, orderId: Order["id"], { claims }: Notice): Promise<NoticeVerdict> {
  for (const claim of claims) await deps.database.strays.record(claim, deps.nowMs());
  deps.log.error({ order: orderId, claims: claims.length }, "a notice names an unknown order: see the review list");
  return "unknown-order";
}

/** What cannot be proved is kept for staff: it is never credited. */
async function noteUnprovable(deps: PaymentDeps, { id }: Order, { claims }: Notice): Promise<NoticeVerdict> {
  for (const claim of claims) await deps.database.strays.record(claim, deps.nowMs());
  const details = { order: id, claims: claims.length };
  deps.log.error(details, "a notice names an order of another merchant or account: see the review list");
  return "unknown-order";
}

/** Whether every claim was recorded before: then it is only counted, and what is due is granted. */
async function areRecorded(deps: PaymentDeps, { claims }: Pick<Notice, "claims">): Promise<boolean> {
  const { orders, payments } = deps.database;
  const known = await Promise.all(claims.map((claim) => payments.findById(paymentIdOf(claim))));
  for (const payment of known) {
    if (!payment) return false;
    await orders.countRepeat({ userId: payment.userId, id: payment.orderId }, payment.id);
    await creditPayment(deps, payment, "notice");
  }
  return true;
}
