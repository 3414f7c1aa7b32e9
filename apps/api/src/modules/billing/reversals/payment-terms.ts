import { type CountedReversal, minorUnits, type ReversiblePayment, withReversals } from "@jifen/billing";
import { credits } from "@jifen/core";
import type { Payment, Reversal } from "@jifen/database";

type Counted = Pick<
  Reversal,
  "kind" | "state" | "rule" | "amountMinor" | "askedCredits" | "takenCredits" | "takenBonus"
>;

/** A reversal as far as it counts for the others of its payment. */
export const countedOf = (reversal: Counted): CountedReversal => ({
  ...{ kind: reversal.kind, state: reversal.state, rule: reversal.rule, amount: minorUnits(reversal.amountMinor) },
  ...{ askedCredits: reversal.askedCredits, takenCredits: reversal.takenCredits, takenBonus: reversal.takenBonus },
});

/** Whether the payment has granted credits, or will: one that waits for a decision may have granted a part of them. */
const grants = ({ state }: Payment, transactionId: string | null): boolean =>
  state === "accepted" || state === "credited" || transactionId !== null;

/** A payment with what these reversals of it return and take. */
export const reversibleOf = (payment: Payment, reversals: readonly Reversal[]): ReversiblePayment =>
  withReversals(
    {
      paid: minorUnits(payment.amountMinor),
      credits: credits(grants(payment, payment.transactionId) ? payment.credits : 0),
      bonusCredits: credits(grants(payment, payment.bonusTransactionId) ? payment.bonusCredits : 0),
    },
    reversals.filter(({ paymentId }) => paymentId === payment.id).map(countedOf),
  );

/** All reversals but this one. */
export const othersOf = (reversal: Pick<Reversal, "id">, all: readonly Reversal[]): readonly Reversal[] =>
  all.filter(({ id }) => id !== reversal.id);

/** All reversals of a payment in an order that never changes, and where this one is. */
export function countedInOrder(
  reversal: Reversal,
  all: readonly Reversal[],
): { readonly counted: readonly CountedReversal[]; readonly at: number } {
  const inOrder = all.toSorted((one, other) => one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1));
  return { counted: inOrder.map(countedOf), at: inOrder.findIndex(({ id }) => id === reversal.id) };
}
