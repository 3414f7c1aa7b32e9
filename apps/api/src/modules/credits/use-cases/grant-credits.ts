import { bilingual, type operations, type Refusal } from "@jifen/contract";
import { type Credits, credits, type GrantSource, grantId, invariant, type Outcome, ok, refuse } from "@jifen/core";
import type { z } from "zod";
import { invalidField } from "../../../values/invalid-field.ts";
import { entryEvent } from "../../audit/entry-event.ts";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { GrantDeps } from "../deps.ts";
import { isForbiddenGrant } from "../self-grant.ts";
import { staffCommand } from "../staff-command.ts";
import { findRecipient } from "./find-recipient.ts";
import { grantWithinLimit } from "./grant-within-limit.ts";

/** The parsed input of `admin.grant`. */
export type GrantRequest = z.output<typeof operations.admin.grant.input> & {
  /** The idempotency key of the request for many users that it is a part of. */
  readonly batch?: string | undefined;
};

/** A grant by hand, done now or by an earlier request with the same idempotency key. */
type Granted = {
  readonly transactionId: string;
  readonly grantId: string;
  readonly balance: Credits;
  readonly replayed: boolean;
};

/**
 * Grants credits to a user, once per idempotency key of that user's account.
 * Refuses, in this order: VALIDATION_FAILED (source), USER_NOT_FOUND, SELF_ACTION_FORBIDDEN, IDEMPOTENCY_KEY_REUSED,
 * VALIDATION_FAILED (expiresAt), BALANCE_LIMIT, GRANT_LIMIT_REACHED (of a key with the scope credits:grant).
 */
export async function grantCredits(
  deps: GrantDeps,
  { userId, amount, source, priority, expiresAt, reason, note, batch, idempotencyKey }: GrantRequest,
  by: Principal,
): Promise<
  Outcome<
    Granted,
    Refusal<
      | "USER_NOT_FOUND"
      | "SELF_ACTION_FORBIDDEN"
      | "IDEMPOTENCY_KEY_REUSED"
      | "VALIDATION_FAILED"
      | "BALANCE_LIMIT"
      | "GRANT_LIMIT_REACHED"
    >
  >
> {
  const limit = limitOf(by);
  if (limit !== undefined && !soldSources.has(source)) return notSold;
  const recipient = await findRecipient(deps, userId);
  if (!recipient.ok) return recipient;
  const accountId = recipient.value;
  if (isForbiddenGrant(deps, by, accountId)) return refuse({ code: "SELF_ACTION_FORBIDDEN" });
  const event = entryEvent(by, { action: "credits.grant", reason, note, details: { batch } });
  const command = {
    accountId,
    ...staffCommand(by, idempotencyKey),
    grantId: grantId(deps.newId("grant")),
    amount: credits(amount),
    source,
    priority,
    expiresAtMs: expiresAt === undefined ? null : Date.parse(expiresAt),
    reason,
  };
  const outcome = limit
    ? await grantWithinLimit(deps, { ...limit, amount }, (writes) =>
        deps.ledger.grant({ ...command, extra: (entry) => ({ ...event(entry), ...writes(entry) }) }),
      )
    : await deps.ledger.grant({ ...command, extra: event });
  if (!outcome.ok) return refuse(outcome.refusal.code === "EXPIRY_PASSED" ? expiryPassed : outcome.refusal);
  const { entry, replayed } = outcome.value;
  invariant(entry.referenceId !== null, `transaction ${entry.id} names no grant`);
  return ok({ transactionId: entry.id, grantId: entry.referenceId, balance: entry.balanceAfter, replayed });
}

/** The limit of a key that grants by the scope credits:grant; undefined for every other principal. */
function limitOf({ key, scopes }: Principal) {
  return key && scopes?.has("credits:grant") ? { keyId: key.id, limit: key.grantLimitPerDay ?? 0 } : undefined;
}

/** What a site grants by itself: credits that were paid for, and those on top. */
const soldSources: ReadonlySet<GrantSource> = new Set(["purchase", "bonus"]);
const notSold = invalidField("source", {
  zh: "带 credits:grant 权限的密钥必须指定 purchase 或 bonus",
  en: "must be purchase or bonus for a key with the scope credits:grant",
});

const expiryPassed: Refusal<"VALIDATION_FAILED"> = {
  code: "VALIDATION_FAILED",
  issues: [{ path: "expiresAt", message: bilingual({ zh: "必须晚于现在", en: "must be in the future" }) }],
};
