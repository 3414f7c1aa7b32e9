import { type Credits, credits, type EntryKind, type Outcome, ok, refuse, type TransactionId } from "@jifen/core";
import type { Entry } from "../entry.ts";
import { expiredAmountOf, expireGrants } from "../expirations.ts";
import { remainingAllocations, takeAllocations } from "../grant.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandFrame, entryIdentity } from "./frame.ts";
import { type BalanceLimit, checkBalanceLimit } from "./grant.ts";

/** Give back `amount` of a charge, all that is left of it when null. */
export type Refund = CommandFrame & {
  readonly kind: "refund";
  readonly chargeId: TransactionId;
  readonly amount: Credits | null;
  readonly metadata: string | null;
};

/** A transaction, and what has been given back of it. */
export type Charge = { readonly entry: Entry; readonly refunds: readonly Entry[] };

/**
 * What a refund is refused for. REFUND_EXCEEDS_CHARGE: `charged` and `refunded` so far, and what was asked for;
 * NOT_REFUNDABLE: only what was consumed or captured can be given back.
 */
export type RefundRefusal =
  | { code: "TRANSACTION_NOT_FOUND" }
  | { code: "NOT_REFUNDABLE"; kind: EntryKind }
  | { code: "REFUND_EXCEEDS_CHARGE"; charged: Credits; refunded: Credits; amount: Credits }
  | BalanceLimit;

/** Whether a transaction is a charge: nothing else can be given back. */
export const isCharge = ({ kind }: Pick<Entry, "kind">): boolean => kind === "consume" || kind === "capture";

/** What a retry has to repeat beside the charge and the reason. */
export const refundRequestParams = ({ amount }: Refund): string => JSON.stringify({ amount });

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
  const { entry: charge, refunds } = at.charge;
  if (!isCharge(charge)) return refuse({ code: "NOT_REFUNDABLE", kind: charge.kind });
  const refunded = credits(refunds.reduce((sum, each) => sum + each.amount, 0));
  const left = credits(charge.amount - refunded);
  const amount = command.amount ?? left;
  if (amount > left || left === 0) {
    return refuse({ code: "REFUND_EXCEEDS_CHARGE", charged: charge.amount, refunded, amount });
  }
  const limit = checkBalanceLimit(posted, amount);
  if (limit) return refuse(limit);

  const given = refunds.flatMap((each) => each.allocations);
  const allocations = takeAllocations(remainingAllocations(charge.allocations, given).toReversed(), amount);
  const entry = {
    ...entryIdentity(command),
    kind: command.kind,
    amount,
    action: charge.action,
    metadata: command.metadata,
    requestParams: refundRequestParams(command),
    referenceId: charge.id,
    allocations,
    expiredOnReturn: credits(expiredAmountOf(posted.state.grants, allocations, at.nowMs)),
  };
  const moment = { ...command, nowMs: at.nowMs };
  return ok(expireGrants(post(posted, entry, moment), moment));
}
