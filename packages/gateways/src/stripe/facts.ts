import {
  type DisputeFact,
  isCurrency,
  type Money,
  minorUnits,
  type PaymentFact,
  type RefundFact,
} from "@jifen/billing";
import type Stripe from "stripe";

/** The metadata with the order number, on sessions, payment intents and refunds. */
export const ORDER = "jifen_order";
/** The metadata with the number of a reversal, on refunds. */
export const REVERSAL = "jifen_reversal";
/** The metadata with the part of a refund that is no tax. */
export const NET_MINOR = "jifen_minor";

/** An amount of Stripe; undefined when we do not know the currency. */
function moneyOf(minor: number, currency: string | null): Money | undefined {
  const code = currency?.toUpperCase() ?? "";
  return isCurrency(code) && minor >= 0 ? { minor: minorUnits(minor), currency: code } : undefined;
}

/** The id of an object that may be expanded. */
export const idOf = (object: string | { readonly id: string } | null | undefined): string | undefined =>
  typeof object === "string" ? object : (object?.id ?? undefined);

/** What was paid for the order: taxes came on top of it, discounts are not offered. */
const netMinorOf = ({ amount_subtotal: subtotal, total_details: details }: Stripe.Checkout.Session): number =>
  (subtotal ?? 0) - (details?.amount_discount ?? 0);

/** The payment of a session; undefined unless Stripe says `paid`: a complete session can still wait for its money. */
export function paymentOf(session: Stripe.Checkout.Session, live: boolean): PaymentFact | undefined {
  const orderId = session.metadata?.[ORDER];
  const txnId = idOf(session.payment_intent);
  const amount = moneyOf(netMinorOf(session), session.currency);
  if (session.payment_status !== "paid" || !orderId || !txnId || !amount) return undefined;
  return {
    ...{ channel: "stripe", merchant: live ? "live" : "test", live: session.livemode, orderId, txnId, amount },
    paidAtMs: paidAtSeconds(session) * 1_000,
  };
}

function paidAtSeconds({ payment_intent: intent, created }: Stripe.Checkout.Session): number {
  if (!intent || typeof intent === "string") return created;
  const charge = intent.latest_charge;
  return charge && typeof charge !== "string" ? charge.created : intent.created;
}

/** What a customer paid, and the part of it that is no tax. */
export type Shares = { readonly total: number; readonly net: number };

/** The shares of a session. */
export const sharesOf = (session: Stripe.Checkout.Session): Shares => ({
  total: session.amount_total ?? netMinorOf(session),
  net: netMinorOf(session),
});

/** The part of an amount that is no tax, rounded to the nearest minor unit. */
function netOf(amount: number, { total, net }: Shares): number {
  if (total === net) return amount;
  const [double, whole] = [2n * BigInt(amount) * BigInt(net), BigInt(total)];
  return Number((double + whole) / (2n * whole));
}

const refundStates: Readonly<Record<string, RefundFact["state"]>> = {
  ...{ succeeded: "done", failed: "failed", canceled: "failed" },
};

/** A refund; `pending` in every state that we do not know. */
export function refundOf(refund: Stripe.Refund, shares: Shares): RefundFact | undefined {
  const txnId = idOf(refund.payment_intent);
  const own = Number(refund.metadata?.[NET_MINOR]);
  const part = netOf(refund.amount, shares);
  const amount = moneyOf(Number.isSafeInteger(own) && own > 0 ? own : part, refund.currency);
  if (!txnId || !amount) return undefined;
  const state = refundStates[refund.status ?? ""] ?? "pending";
  return { kind: "refund", refundId: refund.id, reversalId: refund.metadata?.[REVERSAL] ?? null, txnId, amount, state };
}

/** A dispute. Whether money has moved is read from its entries in the balance, not from its status. */
export function disputeOf(dispute: Stripe.Dispute): DisputeFact | undefined {
  const txnId = idOf(dispute.payment_intent);
  const amount = moneyOf(dispute.amount, dispute.currency);
  if (!txnId || !amount) return undefined;
  return { kind: "dispute", disputeId: dispute.id, txnId, amount, state: disputeState(dispute) };
}

function disputeState({ status, balance_transactions: entries }: Stripe.Dispute): DisputeFact["state"] {
  const moved = entries.reduce((sum, { amount }) => sum + amount, 0);
  if (status === "warning_closed" || status === "prevented") return "dropped";
  if (status.startsWith("warning_")) return "inquiry";
  if (status === "lost") return "lost";
  if (moved < 0) return "withdrawn";
  return entries.length > 0 || status === "won" ? "reinstated" : "opened";
}
