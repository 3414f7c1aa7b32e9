import type { operations, Refusal } from "@jifen/contract";
import { type Credits, credits, grantId, type Outcome, ok } from "@jifen/core";
import type { z } from "zod";
import { entryEvent } from "../../audit/entry-event.ts";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { staffCommand } from "../staff-command.ts";
import { findRecipient } from "./find-recipient.ts";

/** The parsed input of `admin.revoke`. */
type RevokeRequest = z.output<typeof operations.admin.revoke.input>;

type RevokeRefusal = Refusal<"USER_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "GRANT_SPENT" | "INSUFFICIENT_CREDITS">;

/** A revocation by hand, done now or by an earlier request with the same idempotency key. */
type Revoked = {
  readonly transactionId: string;
  readonly revoked: Credits;
  readonly balance: Credits;
  readonly replayed: boolean;
};

/**
 * Takes credits away from a user, once per idempotency key of that user's account. The account of a deleted user stays
 * as it is. Refuses, in this order: USER_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, GRANT_SPENT, INSUFFICIENT_CREDITS.
 */
export async function revokeCredits(
  deps: Deps,
  { userId, amount, grantId: ofGrant, atMost, reason, note, idempotencyKey }: RevokeRequest,
  by: Principal,
): Promise<Outcome<Revoked, RevokeRefusal>> {
  const recipient = await findRecipient(deps, userId);
  if (!recipient.ok) return recipient;
  const outcome = await deps.ledger.revoke({
    accountId: recipient.value,
    ...staffCommand(by, idempotencyKey),
    amount: credits(amount),
    grantId: ofGrant === undefined ? null : grantId(ofGrant),
    atMost,
    reason,
    extra: entryEvent(by, { action: "credits.revoke", reason, note }),
  });
  if (!outcome.ok) return outcome;
  const { entry, replayed } = outcome.value;
  return ok({ transactionId: entry.id, revoked: entry.amount, balance: entry.balanceAfter, replayed });
}
