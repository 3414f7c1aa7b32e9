import { bilingual, type operations, type Refusal } from "@jifen/contract";
import { accountOf, type Credits, credits, grantId, invariant, type Outcome, ok, refuse } from "@jifen/core";
import type { z } from "zod";
import type { Actor } from "../../audit/audit-event.ts";
import { entryEvent } from "../../audit/entry-event.ts";
import { findUser } from "../../identity/users/find-user.ts";
import type { Deps } from "../deps.ts";
import { operatorIdempotencyKey } from "../idempotency-keys.ts";

/** The parsed input of `admin.grant`. */
type GrantRequest = z.output<typeof operations.admin.grant.input>;

/** A grant by hand, done now or by an earlier request with the same idempotency key. */
type Granted = {
  readonly transactionId: string;
  readonly grantId: string;
  readonly balance: Credits;
  readonly replayed: boolean;
};

/**
 * Grants credits to a user, once per idempotency key of that user's account.
 * Refuses, in this order: USER_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, VALIDATION_FAILED (expiresAt), BALANCE_LIMIT.
 */
export async function grantCredits(
  deps: Deps,
  { userId, amount, source, priority, expiresAt, reason, idempotencyKey }: GrantRequest,
  by: Actor,
): Promise<
  Outcome<Granted, Refusal<"USER_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "VALIDATION_FAILED" | "BALANCE_LIMIT">>
> {
  const user = await findUser(deps, userId);
  if (!user.ok) return user;
  const outcome = await deps.ledger.grant({
    accountId: accountOf(user.value.id),
    idempotencyKey: operatorIdempotencyKey(idempotencyKey),
    grantId: grantId(deps.newId("grant")),
    amount: credits(amount),
    source,
    priority,
    expiresAtMs: expiresAt === undefined ? null : Date.parse(expiresAt),
    reason,
    extra: entryEvent(by, { action: "credits.grant", reason }),
  });
  if (!outcome.ok) return refuse(outcome.refusal.code === "EXPIRY_PASSED" ? expiryPassed : outcome.refusal);
  const { entry, replayed } = outcome.value;
  invariant(entry.referenceId !== null, `transaction ${entry.id} names no grant`);
  return ok({ transactionId: entry.id, grantId: entry.referenceId, balance: entry.balanceAfter, replayed });
}

const expiryPassed: Refusal<"VALIDATION_FAILED"> = {
  code: "VALIDATION_FAILED",
  issues: [{ path: "expiresAt", message: bilingual({ zh: "必须晚于现在", en: "must be in the future" }) }],
};
