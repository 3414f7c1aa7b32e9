import type { Money } from "./money.ts";
import { movesBy } from "./moves.ts";
import type { ExpectedPayment } from "./order.ts";

/** What a gateway proves: this transaction of the provider has paid this order. */
export type PaymentFact = {
  readonly channel: string;
  readonly merchant: string;
  readonly live: boolean;
  /** The order number that the payment carries. */
  readonly orderId: string;
  /** The provider's id of the transaction. */
  readonly txnId: string;
  readonly amount: Money;
  /** Epoch milliseconds, by the provider's clock. */
  readonly paidAtMs: number;
  /** Whether the provider holds the money back or has returned it, at least a part, without naming a refund or a dispute. */
  readonly isReturned?: boolean | undefined;
  /** Whether it was paid through another app of the merchant than the one that is set up. */
  readonly isOtherApp?: boolean | undefined;
};

/** Why a payment is not credited by itself. The first difference, in this order. */
export const reviewReasons = [
  "returned",
  "live-mode",
  "channel",
  "merchant",
  "currency",
  "amount",
  "user-deleted",
  "surplus",
  "grant-refused",
] as const;

/**
 * Why a person has to look at a payment. `returned`: the provider no longer has all of its money. `surplus`: the order has
 * another payment. `grant-refused`: by the ledger.
 */
export type ReviewReason = (typeof reviewReasons)[number];

/** What is known of the order when a payment arrives. */
export type OrderAtPayment = ExpectedPayment & {
  readonly isUserDeleted: boolean;
  /** Whether another transaction has already paid it. */
  readonly hasOtherPayment: boolean;
};

/**
 * Judges a payment: only one that equals its order in everything is credited. There is no tolerance: a cent less is not the
 * price. @returns undefined when it is accepted, else the first reason for a review
 */
export function judge(fact: PaymentFact, order: OrderAtPayment): ReviewReason | undefined {
  // No refund is known that would take the credits back.
  if (fact.isReturned === true) return "returned";
  if (fact.live !== order.live) return "live-mode";
  if (fact.channel !== order.channel) return "channel";
  if (fact.merchant !== order.merchant || fact.isOtherApp === true) return "merchant";
  if (fact.amount.currency !== order.amount.currency) return "currency";
  if (fact.amount.minor !== order.amount.minor) return "amount";
  if (order.isUserDeleted) return "user-deleted";
  return order.hasOtherPayment ? "surplus" : undefined;
}

/** The states of a payment. */
export const paymentStates = ["accepted", "credited", "review", "returned", "dismissed"] as const;

/** The state of a payment. */
export type PaymentState = (typeof paymentStates)[number];

/** What moves a payment. */
export type PaymentEvent =
  | "credits granted"
  | "grant refused"
  | "credits granted after a refusal"
  | "accepted by staff"
  | "dismissed by staff"
  | "returned in full"
  | "return failed";

/** The state of a payment after an event; undefined when the event changes nothing in this state. */
export const paymentStateAfter = movesBy<PaymentState, PaymentEvent>({
  "credits granted": { from: ["accepted"], to: "credited" },
  "grant refused": { from: ["accepted"], to: "review" },
  // Of two processes one was refused, and the other one has granted.
  "credits granted after a refusal": { from: ["review"], to: "credited" },
  "accepted by staff": { from: ["review"], to: "accepted" },
  "dismissed by staff": { from: ["review"], to: "dismissed" },
  "returned in full": { from: ["review"], to: "returned" },
  "return failed": { from: ["returned"], to: "review" },
});

/** The idempotency key, without its owner, of a payment's grant. One payment has one purchase grant and at most one bonus grant. */
export const grantKeyOf = ({ channel, merchant, txnId }: Pick<PaymentFact, "channel" | "merchant" | "txnId">): string =>
  `pay:${[channel, merchant, txnId].map(encodeURIComponent).join(":")}`;
