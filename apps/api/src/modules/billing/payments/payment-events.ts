import type { NewPayment, OutgoingEvent, Payment } from "@jifen/database";
import { toOutgoingEvent } from "../../webhooks/outgoing-event.ts";
import { toMoney } from "../orders/to-order.ts";

const about = ({ userId, orderId, id, channel, amountMinor, currency }: Payment | NewPayment) => ({
  ...{ userId, orderId, paymentId: id, channel, amount: toMoney(amountMinor, currency) },
});

/** The event that a payment waits for a decision. Why is for staff alone. */
export const paymentReview = (payment: Payment | NewPayment, id: string, atMs: number): OutgoingEvent =>
  toOutgoingEvent({ ...{ userId: payment.userId, id, type: "payment.review", atMs }, data: about(payment) });

/** What a payment has granted. */
type Granted = { readonly transactionId: string | null; readonly bonusTransactionId: string | null };

/** The event that the credits of an order are in the account. It has the id of the grant's transaction with another prefix. */
export const orderCredited = (payment: Payment, granted: Granted, atMs: number): OutgoingEvent => {
  const { userId, credits, bonusCredits } = payment;
  const id = `${granted.transactionId}`.replace(/^txn-/, "evt-");
  return toOutgoingEvent({
    ...{ userId, id, type: "order.credited", atMs },
    data: { ...about(payment), credits, bonusCredits, ...granted },
  });
};
