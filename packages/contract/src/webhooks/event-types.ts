/** What endpoints can be sent, each with what it says and the fields of its `data`. */
const outgoingEvents = {
  "code.redeemed": "a user redeemed a code: credits, expiresAt, balance, batch, batchId, transactionId",
  "order.credited":
    "the credits of a paid order are in the account: orderId, paymentId, channel, amount, credits, bonusCredits, transactionId, bonusTransactionId",
  "payment.review": "a payment waits for a decision by staff: orderId, paymentId, channel, amount",
  "reversal.done":
    "money of a payment went back: orderId, paymentId, reversalId, kind, amount, takenCredits, takenBonus, shortfall",
  "dispute.opened":
    "a customer disputes a payment, before money moves if inquiry: orderId, paymentId, reversalId, disputeId, inquiry, amount",
  "balance.low": "the available balance fell below the threshold: balance, threshold",
} as const;

/** The type of an outgoing event. */
export type OutgoingEventType = keyof typeof outgoingEvents;

/** What endpoints can be sent. */
export const outgoingEventTypes = Object.keys(outgoingEvents) as [OutgoingEventType, ...OutgoingEventType[]];

/** Every type with its meaning, for the documentation. */
export const outgoingEventsText: string = Object.entries(outgoingEvents)
  .map(([type, says]) => `\`${type}\`: ${says}.`)
  .join(" ");
