import {
  checkRefund,
  leftOf,
  type MinorUnits,
  minorUnits,
  mostRefundable,
  type ReversiblePayment,
  type TakeRule,
} from "@jifen/billing";
import type { Refusal } from "@jifen/contract";
import { credits, type Outcome, ok, refuse } from "@jifen/core";
import type { Order, Payment, Reversal } from "@jifen/database";
import { invalidField } from "../../../values/invalid-field.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { grantsOfPayment, remainingIn } from "./payment-grants.ts";
import { reversibleOf } from "./payment-terms.ts";
import { refundingChannel } from "./return-money.ts";

/** Reads what is left of the credits of a payment. */
export async function readRemaining(deps: PaymentDeps, payment: Payment): Promise<number> {
  const all = await deps.database.reversals.ofPayments(payment.userId, [payment.id]);
  return remainingIn(deps, payment, (await grantsOfPayment(deps, payment, all)).purchase);
}

/** What a refund returns and takes. */
export type RefundTerms = { readonly amountMinor: number; readonly askedCredits: number; readonly rule: TakeRule };

type Rows = { readonly payment: Payment; readonly order: Order; readonly reversals: readonly Reversal[] };
/** What staff wants. `remaining`: what is left of the credits of the payment. */
type Wanted = {
  readonly amountMinor?: number | undefined;
  readonly byHand?: boolean | undefined;
  readonly rule: TakeRule;
  readonly remaining: number;
};

/** Why a refund is not possible as the rows are. */
export type TermsRefusal = Refusal<
  | "PAYMENT_NOT_REFUNDABLE"
  | "PAYMENT_DISPUTED"
  | "CHANNEL_CANNOT_REFUND"
  | "REFUND_EXCEEDS_PAYMENT"
  | "REFUND_EXCEEDS_UNUSED"
  | "VALIDATION_FAILED"
>;

/**
 * Decides what a refund returns and takes, as the rows are. Refuses, in this order: PAYMENT_NOT_REFUNDABLE, PAYMENT_DISPUTED,
 * CHANNEL_CANNOT_REFUND, VALIDATION_FAILED, REFUND_EXCEEDS_PAYMENT, REFUND_EXCEEDS_UNUSED.
 */
export function decideRefund(
  deps: PaymentDeps,
  { payment, order, reversals }: Rows,
  { amountMinor, byHand, rule, remaining }: Wanted,
): Outcome<RefundTerms, TermsRefusal> {
  const { state } = payment;
  if (state !== "credited" && state !== "review") return refuse({ code: "PAYMENT_NOT_REFUNDABLE", state });
  if (payment.disputed) return refuse({ code: "PAYMENT_DISPUTED" });
  const now = reversibleOf(payment, reversals);
  const left = leftOf(now);
  const amount = minorUnits(amountMinor ?? left);
  const cannot = checkChannel(deps, payment, { amount, byHand });
  if (cannot) return cannot;
  if (state === "review") return decideReturn(now, { amount, left });
  const unused = { remaining: credits(freeOf(remaining, reversals)), rule: order.refundRule };
  const checked = checkRefund(now, { amount, goodwill: rule !== "unused", unused });
  if (!checked.ok) return checked;
  return ok({ amountMinor: amount, askedCredits: rule === "keep" ? 0 : checked.value.credits, rule });
}

/** What is left of the credits when those are taken that other reversals have asked for. */
const freeOf = (remaining: number, reversals: readonly Reversal[]): number =>
  reversals
    .filter(({ state, rule }) => state === "asked" && rule !== "all")
    .reduce((free, { askedCredits, takenCredits }) => Math.max(0, free - (askedCredits - takenCredits)), remaining);

/** A payment that waits for a decision goes back as a whole, with whatever it has granted. */
function decideReturn(
  now: ReversiblePayment,
  { amount, left }: { readonly amount: MinorUnits; readonly left: MinorUnits },
): Outcome<RefundTerms, TermsRefusal> {
  if (left === 0 || amount > left) return refuse({ code: "REFUND_EXCEEDS_PAYMENT", most: left });
  if (amount < left) {
    const wording = { zh: "待处理的付款只能全额退回", en: "a payment in review can only be returned as a whole" };
    return invalidField("amountMinor", wording);
  }
  return ok({ amountMinor: amount, askedCredits: Math.max(0, now.credits - now.takenCredits), rule: "all" });
}

function checkChannel(
  deps: PaymentDeps,
  payment: Payment,
  { amount, byHand = false }: { readonly amount: MinorUnits; readonly byHand?: boolean | undefined },
): Outcome<never, Refusal<"CHANNEL_CANNOT_REFUND" | "VALIDATION_FAILED">> | undefined {
  const canRefund = refundingChannel(deps, payment, amount) !== undefined;
  if (!canRefund && !byHand) return refuse({ code: "CHANNEL_CANNOT_REFUND" });
  // Two ways to return the same money could both be gone.
  if (!canRefund || !byHand) return undefined;
  return invalidField("byHand", { zh: "该渠道可以自动退款", en: "this channel returns money by itself" });
}

/** Why not all of a payment can be returned. */
type WhyNotMore = "not-credited" | "disputed" | "returned" | "rule" | "spent";

/** How much can be returned: without goodwill, and at all. */
export type Refundable = { readonly most: MinorUnits; readonly left: MinorUnits; readonly why: WhyNotMore | null };

/** How much of a payment can be returned, as the rows are. */
export function refundableOf({ payment, order, reversals }: Rows, remaining: number): Refundable {
  const now = reversibleOf(payment, reversals);
  const left = leftOf(now);
  const none = (why: WhyNotMore) => ({ most: minorUnits(0), left: minorUnits(0), why });
  if (payment.state !== "credited" && payment.state !== "review") return none("not-credited");
  if (payment.disputed) return none("disputed");
  if (left === 0) return none("returned");
  if (payment.state === "review") return { most: left, left, why: null };
  const most = mostRefundable(now, { remaining: credits(freeOf(remaining, reversals)), rule: order.refundRule });
  if (most === left) return { most, left, why: null };
  return { most, left, why: order.refundRule === "never" ? "rule" : "spent" };
}
