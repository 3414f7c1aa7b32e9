import { type Credits, credits, type Outcome, ok, refuse, type TransactionId, type TransactionKind } from "@jifen/core";
import type { Transaction } from "../entry.ts";
import { expireGrants, lapsedOf } from "../expirations.ts";
import { firstShares, remainingShares } from "../grant.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandFrame, ownLine } from "./frame.ts";
import { type BalanceLimit, exceedsLimit } from "./grant.ts";

/** Give back `amount` of a charge, all that is left of it when null. */
export type Refund = CommandFrame & {
  readonly kind: "refund";
  readonly chargeId: TransactionId;
  readonly amount: Credits | null;
  readonly metadata: string | null;
};

/** A transaction, and what has been given back of it. */
export type Charge = { readonly transaction: Transaction; readonly refunds: readonly Transaction[] };

/**
 * What a refund is refused for. REFUND_EXCEEDS_CHARGE: `charged` and `refunded` so far, and what was asked for;
 * NOT_REFUNDABLE: only what was consumed or captured can be given back.
 */
export type RefundRefusal =
  | { code: "TRANSACTION_NOT_FOUND" }
  | { code: "NOT_REFUNDABLE"; kind: TransactionKind }
  | { code: "REFUND_EXCEEDS_CHARGE"; charged: Credits; refunded: Credits; amount: Credits }
  | BalanceLimit;

/** Whether a transaction is a charge: nothing else can be given back. */
export const isCharge = ({ kind }: Pick<Transaction, "kind">): boolean => kind === "consume" || kind === "capture";

/** What a retry has to repeat beside the charge and the reason. */
export const refundTerms = ({ amount }: Refund): string => JSON.stringify({ amount });

/**
 * Gives a charge back to the grants it was taken from, the last one first.
 * Refuses, in this order: TRANSACTION_NOT_FOUND, NOT_REFUNDABLE, REFUND_EXCEEDS_CHARGE (also when nothing is left),
 * BALANCE_LIMIT.
 */
export function refund(
  posted: Posted,
  command: Refund,
  at: { readonly nowMs: number; readonly charge: Charge | undefined },
): Outcome<Posted, RefundRefusal> {
  if (!at.charge) return refuse({ code: "TRANSACTION_NOT_FOUND" });
  const { transaction: charge, refunds } = at.charge;
  if (!isCharge(charge)) return refuse({ code: "NOT_REFUNDABLE", kind: charge.kind });
  const refunded = credits(refunds.reduce((sum, each) => sum + each.amount, 0));
  const left = credits(charge.amount - refunded);
  const amount = command.amount ?? left;
  if (amount > left || left === 0) {
    return refuse({ code: "REFUND_EXCEEDS_CHARGE", charged: charge.amount, refunded, amount });
  }
  const limit = exceedsLimit(posted, amount);
  if (limit) return refuse(limit);

  const given = refunds.flatMap((each) => each.shares);
  const shares = firstShares(remainingShares(charge.shares, given).toReversed(), amount);
  const entry = {
    ...ownLine(command),
    kind: command.kind,
    amount,
    action: charge.action,
    metadata: command.metadata,
    terms: refundTerms(command),
    subjectId: charge.id,
    shares,
    lapsed: credits(lapsedOf(posted.state.grants, shares, at.nowMs)),
  };
  const moment = { ...command, nowMs: at.nowMs };
  return ok(expireGrants(post(posted, entry, moment), moment));
}
