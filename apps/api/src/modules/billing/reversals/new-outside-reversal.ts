import { type DisputeFact, minorUnits, type RefundFact } from "@jifen/billing";
import type { NewReversal, Payment } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";

/** How long the process that records it has to finish it, before the background job does. */
const FIRST_CHECK_MS = 15_000;

/** How much of a payment the provider has reported as returned. An amount in another currency counts as all of it. */
export const countedMinor = (
  { amountMinor, currency }: Payment,
  { amount }: Pick<RefundFact | DisputeFact, "amount">,
): number => (amount.currency === currency ? Math.min(amount.minor, amountMinor) : amountMinor);

/** A reversal that did not begin here. */
export function newOutsideReversal(
  { newOrderId, nowMs }: Pick<PaymentDeps, "newOrderId" | "nowMs">,
  { userId, id, currency }: Payment,
  terms: Pick<NewReversal, "kind" | "rule" | "outsideId" | "askedCredits"> & { readonly amount: number },
): NewReversal {
  const createdAtMs = nowMs();
  const { amount, ...given } = terms;
  return {
    ...{ userId, id: newOrderId(), paymentId: id, ...given, amountMinor: minorUnits(amount), currency },
    ...{ takenCredits: 0, takenBonus: 0, shortfall: 0, state: "asked", madeBy: "system", createdAtMs },
    ...{ providerRef: given.outsideId, nextCheckMs: createdAtMs + FIRST_CHECK_MS },
  };
}
