import { creditsToTake, minorUnits } from "@jifen/billing";
import type { Payment, Reversal, ReversalSet } from "@jifen/database";
import { othersOf, reversibleOf } from "./payment-terms.ts";

/** The credits that belong to the money of a reversal, as the other reversals of its payment are. */
export function owedBy(reversal: Reversal, payment: Payment, all: readonly Reversal[]): number {
  const others = reversibleOf(payment, othersOf(reversal, all));
  if (reversal.rule === "all") return Math.max(0, others.credits - others.takenCredits);
  return creditsToTake(others, minorUnits(reversal.amountMinor)).credits;
}

/**
 * What changes of another reversal when one has failed. A refund of ours without an answer covers the credits of a refund that
 * was made at the provider, or of a dispute: then only one of them has returned the money, and the other takes its credits now.
 * @param all all reversals of the payment, with the one that has failed
 */
export function uncoveredBy(
  payment: Payment,
  all: readonly Reversal[],
  nowMs: number,
): { readonly reversal: Reversal; readonly set: ReversalSet } | undefined {
  // A dispute that has not taken anything yet counts then.
  const covered = all.filter(
    ({ kind, state }) => kind !== "refund" && (state === "done" || state === (kind === "dispute" ? "taken" : "asked")),
  );
  const newest = covered.toSorted((one, other) => other.createdAtMs - one.createdAtMs)[0];
  if (!newest) return undefined;
  const { state, askedCredits, shortfall, takenCredits } = newest;
  const missing = all.reduce((sum, each) => sum + (each.state === "failed" ? 0 : each.shortfall), 0);
  const owed = owedBy(newest, payment, all);
  if (state === "asked") return { reversal: newest, set: { askedCredits: Math.max(askedCredits, owed - missing) } };
  const more = Math.max(0, owed - takenCredits - missing);
  // Their bonus is taken then too.
  const set = { askedCredits: askedCredits + more, shortfall: shortfall + more, nextCheckMs: nowMs, checks: 0 };
  return { reversal: newest, set };
}
