import { bilingual, type operations, type Refusal } from "@jifen/contract";
import { type Credits, credits, grantId, invariant, type Outcome, ok, refuse } from "@jifen/core";
import type { z } from "zod";
import { entryEvent } from "../../audit/entry-event.ts";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { isForbiddenGrant } from "../self-grant.ts";
import { staffCommand } from "../staff-command.ts";
import { findRecipient } from "./find-recipient.ts";

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
 * Refuses, in this order: USER_NOT_FOUND, SELF_ACTION_FORBIDDEN, IDEMPOTENCY_KEY_REUSED, VALIDATION_FAILED (expiresAt), BALANCE_LIMIT.
 */
export async function grantCredits(
  deps: Deps,
  { userId, amount, source, priority, expiresAt, reason, idempotencyKey }: GrantRequest,
  by: Principal,
): Promise<
  Outcome<
    Granted,
    Refusal<
      "USER_NOT_FOUND" | "SELF_ACTION_FORBIDDEN" | "IDEMPOTENCY_KEY_REUSED" | "VALIDATION_FAILED" | "BALANCE_LIMIT"
    >
  >
> {
  const recipient = await findRecipient(deps, userId);
  if (!recipient.ok) return recipient;
  const accountId = recipient.value;
  if (isForbiddenGrant(deps, by, accountId)) return refuse({ code: "SELF_ACTION_FORBIDDEN" });
  const outcome = await deps.ledger.grant({
    accountId,
    ...staffCommand(by, idempotencyKey),
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
