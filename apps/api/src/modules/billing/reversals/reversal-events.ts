import type { OutgoingEvent, PaymentOfOrder, ReversalOfPayment } from "@jifen/database";
import { toOutgoingEvent } from "../../webhooks/outgoing-event.ts";
import { toMoney } from "../orders/to-order.ts";
import type { PaymentDeps } from "../payment-deps.ts";

type EventDeps = Pick<PaymentDeps, "newId">;

const aboutOf = ({ payment, order }: PaymentOfOrder) => ({
  ...{ userId: payment.userId, orderId: order.id, paymentId: payment.id },
});

/** The event that money went back. */
export const reversalDone = (
  { newId }: EventDeps,
  { reversal, ...rows }: ReversalOfPayment,
  atMs: number,
): OutgoingEvent =>
  toOutgoingEvent({
    ...{ userId: reversal.userId, id: newId("evt"), type: "reversal.done", atMs },
    data: {
      ...{ ...aboutOf(rows), reversalId: reversal.id, kind: reversal.kind },
      amount: toMoney(reversal.amountMinor, reversal.currency),
      ...{ takenCredits: reversal.takenCredits, takenBonus: reversal.takenBonus, shortfall: reversal.shortfall },
    },
  });

/** The event that a customer disputes a payment. `isInquiry`: no money has moved yet. */
export const disputeOpened = (
  { newId }: EventDeps,
  rows: PaymentOfOrder,
  dispute: {
    readonly disputeId: string;
    readonly reversalId: string;
    readonly isInquiry: boolean;
    readonly atMs: number;
  },
): OutgoingEvent => {
  const { disputeId, reversalId, isInquiry, atMs } = dispute;
  return toOutgoingEvent({
    ...{ userId: rows.payment.userId, id: newId("evt"), type: "dispute.opened", atMs },
    data: {
      ...{ ...aboutOf(rows), reversalId, disputeId, inquiry: isInquiry },
      amount: toMoney(rows.payment.amountMinor, rows.payment.currency),
    },
  });
};
