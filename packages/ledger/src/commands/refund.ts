import { type Credits, credits, type EntryKind, type Outcome, ok, refuse, type TransactionId } from "@jifen/core";
import type { Entry } from "../entry.ts";
import { expiredAmountOf, expireGrants } from "../expirations.ts";
import { remainingAllocations, takeAllocations } from "../grant.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandBase, entryIdentity } from "./command-base.ts";
import { type BalanceLimit, checkBalanceLimit } from "./grant.ts";

/** Refunds `amount` of a charge, or all that is not yet refunded when null. */
export type Refund = CommandBase & {
  readonly kind: "refund";
  readonly chargeId: TransactionId;
  readonly amount: Credits | null;
  readonly metadata: string | null;
};

/** An entry, and its refunds. */
export type Charge = { readonly entry: Entry; readonly refunds: readonly Entry[] };

/**
 * Refusals of a refund. REFUND_EXCEEDS_CHARGE has the charged amount, the amount refunded so far, and the requested
 * amount. NOT_REFUNDABLE: only `consume` and `capture` entries can be refunded.
 */
export type RefundRefusal =
  | { code: "TRANSACTION_NOT_FOUND" }
  | { code: "NOT_REFUNDABLE"; kind: EntryKind }
  | { code: "REFUND_EXCEEDS_CHARGE"; charged: Credits; refunded: Credits; amount: Credits }
  | BalanceLimit;

/** Whether an entry is a charge. Only charges can be refunded. */
export const isCharge = ({ kind }: Pick<Entry, "kind">): boolean => kind === "consume" || kind === "capture";

/** The fields besides the charge and the metadata that a retry must repeat. */
export const refundRequestParams = ({ amount }: Refund): string => JSON.stringify({ amount });

/**
 * Returns a charge to the grants that it was taken from, in reverse order.
 * Refuses, in this order: TRANSACTION_NOT_FOUND, NOT_REFUNDABLE, REFUND_EXCEEDS_CHARGE (also if all is refunded),
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

  const refundedAllocations = refunds.flatMap((each) => each.allocations);
  const allocations = takeAllocations(
    remainingAllocations(charge.allocations, refundedAllocations).toReversed(),
    amount,
  );
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
  const context = { ...command, nowMs: at.nowMs };
  return ok(expireGrants(post(posted, entry, context), context));
}
