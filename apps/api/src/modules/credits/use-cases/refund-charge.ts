import type { operations, Refusal } from "@jifen/contract";
import { type AccountId, type Credits, credits, type Outcome, ok, refuse, transactionId } from "@jifen/core";
import { balanceAfterExpirations } from "@jifen/ledger";
import type { z } from "zod";
import { entryEvent } from "../../audit/entry-event.ts";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { reasonText } from "../metadata.ts";
import { isForbiddenRefund } from "../self-grant.ts";
import { staffCommand } from "../staff-command.ts";

/** The parsed input of `refunds.create`, and the account that the charge must be of; undefined allows any account. */
type RefundRequest = z.output<typeof operations.refunds.create.input> & { readonly accountId: AccountId | undefined };

/** A refund, done now or by an earlier request with the same idempotency key. */
type Refunded = {
  readonly transactionId: string;
  readonly refunded: Credits;
  readonly expiredOnReturn: Credits;
  readonly balance: Credits;
  readonly replayed: boolean;
};

/** Why a refund is refused. */
type RefundRefusal = Refusal<
  | "TRANSACTION_NOT_FOUND"
  | "SELF_ACTION_FORBIDDEN"
  | "IDEMPOTENCY_KEY_REUSED"
  | "NOT_REFUNDABLE"
  | "REFUND_EXCEEDS_CHARGE"
  | "BALANCE_LIMIT"
>;

/**
 * Returns a charge, or a part of it, to the account that paid it, once per idempotency key of that account.
 * Refuses, in this order: TRANSACTION_NOT_FOUND, SELF_ACTION_FORBIDDEN, IDEMPOTENCY_KEY_REUSED, NOT_REFUNDABLE,
 * REFUND_EXCEEDS_CHARGE, BALANCE_LIMIT.
 */
export async function refundCharge(
  deps: Deps,
  { accountId, amount, reason, note, idempotencyKey, ...request }: RefundRequest,
  by: Principal,
): Promise<Outcome<Refunded, RefundRefusal>> {
  const charge = await deps.database.history.entry(transactionId(request.transactionId), accountId);
  if (!charge) return refuse({ code: "TRANSACTION_NOT_FOUND" });
  if (isForbiddenRefund(deps, by, charge.accountId)) return refuse({ code: "SELF_ACTION_FORBIDDEN" });
  const outcome = await deps.ledger.refund({
    accountId: charge.accountId,
    ...staffCommand(by, idempotencyKey),
    chargeId: charge.id,
    amount: amount === undefined ? null : credits(amount),
    metadata: reasonText(reason),
    extra: entryEvent(by, { action: "credits.refund", reason, note }),
  });
  if (!outcome.ok) return outcome;
  const { entry, replayed } = outcome.value;
  return ok({
    transactionId: entry.id,
    refunded: entry.amount,
    expiredOnReturn: entry.expiredOnReturn,
    balance: balanceAfterExpirations(entry),
    replayed,
  });
}
