import type { operations, Refusal } from "@jifen/contract";
import { accountOf, type Credits, credits, type Outcome, ok } from "@jifen/core";
import type { z } from "zod";
import type { Actor } from "../../audit/audit-event.ts";
import { entryEvent } from "../../audit/entry-event.ts";
import { findUser } from "../../identity/users/find-user.ts";
import type { Deps } from "../deps.ts";
import { operatorIdempotencyKey } from "../idempotency-keys.ts";

/** The parsed input of `admin.revoke`. */
type RevokeRequest = z.output<typeof operations.admin.revoke.input>;

/** A revocation by hand, done now or by an earlier request with the same idempotency key. */
type Revoked = {
  readonly transactionId: string;
  readonly revoked: Credits;
  readonly balance: Credits;
  readonly replayed: boolean;
};

/**
 * Takes credits away from a user, once per idempotency key of that user's account. The account of a deleted user stays
 * as it is. Refuses, in this order: USER_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, INSUFFICIENT_CREDITS.
 */
export async function revokeCredits(
  deps: Deps,
  { userId, amount, reason, idempotencyKey }: RevokeRequest,
  by: Actor,
): Promise<Outcome<Revoked, Refusal<"USER_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "INSUFFICIENT_CREDITS">>> {
  const user = await findUser(deps, userId);
  if (!user.ok) return user;
  const outcome = await deps.ledger.revoke({
    accountId: accountOf(user.value.id),
    idempotencyKey: operatorIdempotencyKey(idempotencyKey),
    amount: credits(amount),
    reason,
    extra: entryEvent(by, { action: "credits.revoke", reason }),
  });
  if (!outcome.ok) return outcome;
  const { entry, replayed } = outcome.value;
  return ok({ transactionId: entry.id, revoked: entry.amount, balance: entry.balanceAfter, replayed });
}
