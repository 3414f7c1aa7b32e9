import type Stripe from "stripe";
import type { Dispute, Payment, Refund, Trade } from "./books.ts";

const seconds = (ms: number): number => Math.floor(ms / 1_000);
/** What another program of the account has made carries no order number of Jifen. */
const metadataOf = ({ number, content }: Trade): Stripe.Metadata =>
  content.method === "checkout" ? { jifen_order: number } : {};

/** The session of a trade. */
export function sessionOf(trade: Trade, url: string, isExpanded = false) {
  const { content, payments, isClosed, isPending, number } = trade;
  const [payment] = payments;
  const isComplete = payment !== undefined || isPending;
  return {
    id: sessionIdOf(trade),
    object: "checkout.session",
    ...{ amount_subtotal: content.amountMinor, amount_total: content.amountMinor, currency: content.currency },
    ...{ client_reference_id: number, created: seconds(trade.createdAtMs), expires_at: seconds(content.expiresAtMs) },
    ...{ livemode: false, metadata: metadataOf(trade), mode: "payment" },
    payment_intent:
      isComplete || isClosed ? (isExpanded ? (intentOf(trade) as Stripe.PaymentIntent) : intentIdOf(trade)) : null,
    payment_status: payment ? "paid" : "unpaid",
    status: isComplete ? "complete" : isClosed ? "expired" : "open",
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    url: isComplete || isClosed ? null : `${url}/pay/${number}`,
  } satisfies Partial<Stripe.Checkout.Session>;
}

/** The id of a session. */
export const sessionIdOf = ({ tradeId }: Trade): string => `cs_test_${tradeId}`;

const intentIdOf = ({ payments, tradeId }: Trade): string => payments[0]?.txnId ?? `pi_${tradeId}`;

/** The payment intent of a trade. */
export function intentOf(trade: Trade) {
  const { content, payments, isClosed, isPending } = trade;
  const [payment] = payments;
  return {
    id: intentIdOf(trade),
    object: "payment_intent",
    ...{ amount: content.amountMinor, amount_received: payment?.amountMinor ?? 0, currency: content.currency },
    ...{ created: seconds(trade.createdAtMs), livemode: false, metadata: metadataOf(trade) },
    latest_charge: payment ? (chargeOf(payment, trade) as Stripe.Charge) : null,
    status: payment ? "succeeded" : isPending && !isClosed ? "processing" : "requires_payment_method",
  } satisfies Partial<Stripe.PaymentIntent>;
}

const chargeOf = (payment: Payment, trade: Trade) =>
  ({
    ...{ id: `ch_${trade.tradeId}`, object: "charge", amount: payment.amountMinor, currency: trade.content.currency },
    ...{ created: seconds(payment.paidAtMs), disputed: trade.dispute !== undefined, livemode: false, paid: true },
  }) satisfies Partial<Stripe.Charge>;

/** A refund. `metadata` is what the request gave it. */
export const refundOf = (refund: Refund, trade: Trade, metadata: Stripe.Metadata) =>
  ({
    ...{ id: `re_${refund.refundId}`, object: "refund", amount: refund.amountMinor, currency: trade.content.currency },
    ...{ created: seconds(refund.atMs), metadata, payment_intent: refund.txnId, charge: `ch_${trade.tradeId}` },
    status: { pending: "pending", done: "succeeded", failed: "failed", stuck: "requires_action" }[refund.state],
  }) satisfies Partial<Stripe.Refund>;

const disputeStatus = {
  ...{ inquiry: "warning_needs_response", open: "needs_response", won: "won", lost: "lost", dropped: "warning_closed" },
} as const satisfies Record<Dispute["state"], Stripe.Dispute.Status>;

/** A dispute of the payment of a trade. */
export function disputeOf({ payments, content, tradeId }: Trade, { disputeId, state, isWithdrawn }: Dispute) {
  const amount = payments[0]?.amountMinor ?? 0;
  const entries = isWithdrawn ? (state === "won" ? [-amount, amount] : [-amount]) : [];
  return {
    ...{ id: disputeId, object: "dispute", amount, currency: content.currency, livemode: false },
    ...{ charge: `ch_${tradeId}`, payment_intent: payments[0]?.txnId ?? "", metadata: {} },
    balance_transactions: entries.map(
      (each) => ({ amount: each, currency: content.currency }) as Stripe.BalanceTransaction,
    ),
    status: disputeStatus[state],
  } satisfies Partial<Stripe.Dispute>;
}
