import { type Credits, credits, type Outcome, ok, refuse } from "@jifen/core";
import type { RefundRule } from "./catalogue.ts";
import { type MinorUnits, minorUnits } from "./money.ts";
import type { ReversalKind, ReversalState, TakeRule } from "./reversal.ts";

/** A payment as its reversals see it. */
export type ReversiblePayment = {
  /** What was paid. */
  readonly paid: MinorUnits;
  /** What is or will be sent back by reversals that have not failed and take credits; at most what is not kept. */
  readonly reversed: MinorUnits;
  /** What is or will be sent back while the customer keeps its credits. */
  readonly kept: MinorUnits;
  readonly credits: Credits;
  readonly bonusCredits: Credits;
  /** What these reversals have taken. */
  readonly takenCredits: Credits;
  readonly takenBonus: Credits;
};

/** A reversal of a payment, as far as it counts for the others. */
export type CountedReversal = {
  readonly kind: ReversalKind;
  readonly state: ReversalState;
  readonly rule: TakeRule;
  readonly amount: MinorUnits;
  readonly askedCredits: number;
  readonly takenCredits: number;
  readonly takenBonus: number;
};

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

/**
 * A payment with what its reversals return and take. What failed does not count, and neither does a dispute before money has
 * moved. A reversal that has not taken its credits yet counts as if it had. Together they return at most what was paid: a refund
 * of ours that has no answer yet, and one made at the provider, can be about the same money.
 */
export function withReversals(
  terms: Pick<ReversiblePayment, "paid" | "credits" | "bonusCredits">,
  reversals: readonly CountedReversal[],
): ReversiblePayment {
  const counted = reversals.filter((each) => moneyHeldIn(each) !== "nothing");
  const taking = counted.filter(({ rule }) => rule !== "keep");
  const keeping = counted.filter(({ rule }) => rule === "keep");
  const kept = Math.min(terms.paid, total(keeping.map(({ amount }) => amount)));
  return {
    ...terms,
    reversed: minorUnits(Math.min(terms.paid - kept, total(taking.map(({ amount }) => amount)))),
    kept: minorUnits(kept),
    takenCredits: credits(
      total(taking.map(({ state, askedCredits, takenCredits }) => (state === "asked" ? askedCredits : takenCredits))),
    ),
    takenBonus: credits(total(taking.map(({ takenBonus }) => takenBonus))),
  };
}

/** Where the money of a reversal is counted on its payment: nowhere, as being sent back, or as sent back. */
function moneyHeldIn({ kind, state }: Pick<CountedReversal, "kind" | "state">): "nothing" | "reversing" | "reversed" {
  if (state === "failed" || (state === "asked" && kind === "dispute")) return "nothing";
  return state === "done" ? "reversed" : "reversing";
}

/** The money of a payment that its reversals are sending back, and that they have sent back: together at most what was paid. */
export function moneyOfReversals(
  paid: MinorUnits,
  reversals: readonly Pick<CountedReversal, "kind" | "state" | "amount">[],
): { readonly reversing: MinorUnits; readonly reversed: MinorUnits } {
  const heldIn = (where: "reversing" | "reversed") =>
    total(reversals.filter((each) => moneyHeldIn(each) === where).map(({ amount }) => amount));
  const reversed = Math.min(paid, heldIn("reversed"));
  return { reversing: minorUnits(Math.min(paid - reversed, heldIn("reversing"))), reversed: minorUnits(reversed) };
}

/** Credits to take for an amount of money. */
export type Take = { readonly credits: Credits; readonly bonus: Credits };

const share = (all: number, part: number, whole: number): number =>
  Number((BigInt(all) * BigInt(part) + BigInt(whole) - 1n) / BigInt(whole));

/** The credits that belong to an amount of the payment, rounded up: the parts of a payment add up to it to the credit. */
const creditsFor = (all: Credits, { paid }: Pick<ReversiblePayment, "paid">, amount: number): number =>
  paid === 0 ? all : share(all, amount, paid);

const rest = (owed: number, taken: number): Credits => credits(Math.max(0, owed - taken));

/**
 * What a reversal of `amount` has to take: what belongs to all reversals with this one, without what they took. A reversal
 * that returns all of the money takes all of the credits.
 */
export function creditsToTake(payment: ReversiblePayment, amount: MinorUnits): Take {
  const reversed = Math.min(payment.paid - payment.kept, payment.reversed + amount);
  return {
    credits: rest(creditsFor(payment.credits, payment, reversed), payment.takenCredits),
    bonus: rest(creditsFor(payment.bonusCredits, payment, reversed), payment.takenBonus),
  };
}

/**
 * The bonus that one reversal has to take. While others have not taken theirs, each takes what its money adds in their order:
 * those that take at the same time take together what belongs to their money. The last one makes up for what is missing.
 * @param inOrder all reversals of the payment, always in the same order @param at the index of the reversal
 */
export function bonusToTake(
  terms: Pick<ReversiblePayment, "paid" | "credits" | "bonusCredits">,
  inOrder: readonly CountedReversal[],
  at: number,
): Credits {
  const own = inOrder[at];
  if (!own) return credits(0);
  const others = inOrder.filter((each, n) => n !== at && moneyHeldIn(each) !== "nothing" && each.rule !== "keep");
  if (!others.some(({ state }) => state === "asked"))
    return creditsToTake(withReversals(terms, others), own.amount).bonus;
  const before = total(others.filter((each) => inOrder.indexOf(each) < at).map(({ amount }) => amount));
  const { paid, kept } = withReversals(terms, inOrder);
  const belongs = (amount: number) => creditsFor(terms.bonusCredits, terms, Math.min(amount, paid - kept));
  return rest(belongs(before + own.amount), belongs(before));
}

/** Why money cannot go back. `most`: what can, in minor units. */
export type RefundRefusal =
  | { code: "REFUND_EXCEEDS_PAYMENT"; most: MinorUnits }
  | { code: "REFUND_EXCEEDS_UNUSED"; most: MinorUnits };

/** What can still be returned of a payment. */
export const leftOf = ({ paid, reversed, kept }: ReversiblePayment): MinorUnits => minorUnits(paid - reversed - kept);

/** What the customer still has of a payment. */
export type Unused = {
  /** What can be taken from the purchase grant now. */
  readonly remaining: Credits;
  readonly rule: RefundRule;
};

/**
 * The most money that can go back without goodwill: as far as the credits that belong to it are still there.
 * By the rule `never` nothing can.
 */
export function mostRefundable(payment: ReversiblePayment, { remaining, rule }: Unused): MinorUnits {
  if (rule === "never") return minorUnits(0);
  const left = leftOf(payment);
  // credits × total ÷ paid, rounded up, must not exceed what was taken and what is there.
  const within = payment.takenCredits + remaining;
  if (payment.credits === 0 || within >= payment.credits) return left;
  const most = Number((BigInt(within) * BigInt(payment.paid)) / BigInt(payment.credits));
  return minorUnits(Math.max(0, Math.min(left, most - payment.reversed)));
}

/**
 * Decides whether `amount` can go back. With goodwill only the payment is the limit.
 * Refuses, in this order: REFUND_EXCEEDS_PAYMENT, REFUND_EXCEEDS_UNUSED.
 */
export function checkRefund(
  payment: ReversiblePayment,
  { amount, goodwill, unused }: { readonly amount: MinorUnits; readonly goodwill: boolean; readonly unused: Unused },
): Outcome<Take, RefundRefusal> {
  const left = leftOf(payment);
  if (amount > left || amount === 0) return refuse({ code: "REFUND_EXCEEDS_PAYMENT", most: left });
  const most = mostRefundable(payment, unused);
  if (!goodwill && amount > most) return refuse({ code: "REFUND_EXCEEDS_UNUSED", most });
  return ok(creditsToTake(payment, amount));
}
