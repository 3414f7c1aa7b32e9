import type { PaymentFact, ReviewReason } from "@jifen/billing";
import type { EventSource, NewPayment, Order } from "@jifen/database";
import type { NewId } from "../../../values/ids.ts";
import { paymentIdOf } from "./payment-id.ts";

const DAY_MS = 86_400_000;

/** What a payment is recorded with. `nowMs`: the database's clock, from which the credits are valid. */
type Recording = {
  readonly reason: ReviewReason | undefined;
  readonly source: EventSource;
  readonly nowMs: number;
  /** When the reconciler looks at it; null when it waits for a person. */
  readonly nextCheckMs: number | null;
  readonly newId: NewId;
};

/** When credits expire that are valid for so many days from now on. */
export const endOf = (days: number | null, nowMs: number): number | null =>
  days === null ? null : nowMs + days * DAY_MS;

/** A payment with all terms of its grants, so that every attempt to grant is the same. */
export function newPayment(
  fact: PaymentFact,
  order: Order,
  { reason, source, nowMs, nextCheckMs, newId }: Recording,
): NewPayment {
  const { channel, merchant, txnId, live, paidAtMs, amount } = fact;
  return {
    ...{ userId: order.userId, id: paymentIdOf(fact), orderId: order.id, channel, merchant, txnId, live },
    ...{ amountMinor: amount.minor, currency: amount.currency, paidAtMs, recordedAtMs: nowMs, source },
    ...{ state: reason === undefined ? "accepted" : "review", reason: reason ?? null },
    ...{ grantId: newId("grant"), bonusGrantId: order.bonusCredits > 0 ? newId("grant") : null },
    ...{ credits: order.credits, bonusCredits: order.bonusCredits, priority: order.priority },
    ...{ expiresAtMs: endOf(order.validDays, nowMs), bonusExpiresAtMs: endOf(order.bonusValidDays, nowMs) },
    nextCheckMs,
  };
}
