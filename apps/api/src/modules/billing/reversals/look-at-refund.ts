import { minorUnits, type NoticeVerdict, type RefundFact } from "@jifen/billing";
import type { Order, Payment } from "@jifen/database";
import { askGateway } from "../orders/ask-gateway.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { applyReversalFacts } from "./apply-facts.ts";

/** Asks the provider for a refund that a notice names, and does what follows. */
export async function lookAtRefund(deps: PaymentDeps, order: Order, refundId: string): Promise<NoticeVerdict> {
  const channel = deps.channels.get(order.channel);
  if (channel?.gateway.merchant !== order.merchant) return "unavailable";
  const payments = await paymentsOf(deps, order);
  for (const payment of payments.filter(isOf(order))) {
    const found = await channel.run((gateway) => gateway.findRefund(refundOf(order, payment, refundId)));
    if (!found.ok) return "unavailable";
    if (!found.value) continue;
    await applyReversalFacts(deps, order, { facts: [found.value], source: "notice" });
    // One that is not done yet and has no row is not asked about again: the notice is to be sent again.
    const isLater = found.value.state === "pending" && !(await isRecorded(deps, payment, found.value));
    return isLater ? "unavailable" : "recorded";
  }
  // The provider reports it before it can be asked for it: it is to be sent again.
  return "unavailable";
}

async function isRecorded(deps: PaymentDeps, payment: Payment, { reversalId, refundId }: RefundFact): Promise<boolean> {
  const known = await deps.database.reversals.ofPayments(payment.userId, [payment.id]);
  return known.some(({ id, outsideId }) => id === reversalId || outsideId === refundId);
}

/** The payments of an order. Before one is recorded, the provider is asked: notices arrive in any order. */
async function paymentsOf(deps: PaymentDeps, order: Order): Promise<readonly Payment[]> {
  const { payments } = deps.database;
  const recorded = await payments.ofOrders(order.userId, [order.id]);
  if (recorded.length > 0) return recorded;
  await askGateway(deps, order, { source: "notice" });
  return payments.ofOrders(order.userId, [order.id]);
}

const isOf =
  ({ channel, merchant }: Order) =>
  (payment: Payment): boolean =>
    payment.channel === channel && payment.merchant === merchant;

const refundOf = (order: Order, { txnId, amountMinor, currency }: Payment, refundId: string) => ({
  ...{ refundId, providerRef: null, orderId: order.id, txnId },
  paid: { minor: minorUnits(amountMinor), currency },
});
