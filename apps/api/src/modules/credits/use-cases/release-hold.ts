import type { operations, Refusal } from "@jifen/contract";
import { accountOf, type Credits, holdId, type Outcome, ok, refuse, userId } from "@jifen/core";
import { balanceAfterExpirations, type CommandRefusal } from "@jifen/ledger";
import type { z } from "zod";
import { entryEvent } from "../../audit/entry-event.ts";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { reasonText } from "../metadata.ts";
import { isForbiddenGrant } from "../self-grant.ts";
import { staffCommand } from "../staff-command.ts";

/** The parsed input of `admin.releaseHold`. */
type ReleaseRequest = z.output<typeof operations.admin.releaseHold.input>;

/** A hold that staff released, now or by an earlier request with the same idempotency key. */
type Released = {
  readonly transactionId: string;
  readonly released: Credits;
  readonly expiredOnReturn: Credits;
  readonly balance: Credits;
  readonly held: Credits;
  readonly replayed: boolean;
};

/**
 * Releases an open hold of any user, whatever credential placed it, once per idempotency key of that user's account.
 * The release of an own hold would be a paid job without a charge, so that the rule of grants holds for it too.
 * Refuses, in this order: SELF_ACTION_FORBIDDEN, IDEMPOTENCY_KEY_REUSED, HOLD_NOT_FOUND, HOLD_ALREADY_RESOLVED.
 */
export async function releaseHold(
  { ledger, isSelfGrantAllowed }: Pick<Deps, "ledger" | "isSelfGrantAllowed">,
  { userId: user, holdId: hold, reason, note, idempotencyKey }: ReleaseRequest,
  by: Principal,
): Promise<Outcome<Released, CommandRefusal<"release"> | Refusal<"SELF_ACTION_FORBIDDEN">>> {
  const accountId = accountOf(userId(user));
  if (isForbiddenGrant({ isSelfGrantAllowed }, by, accountId)) return refuse({ code: "SELF_ACTION_FORBIDDEN" });
  const outcome = await ledger.release({
    accountId,
    ...staffCommand(by, idempotencyKey),
    holdId: holdId(hold),
    by: "staff",
    resolvesUnowned: true,
    metadata: reasonText(reason),
    extra: entryEvent(by, { action: "credits.releaseHold", reason, note }),
  });
  if (!outcome.ok) return outcome;
  const { entry, replayed } = outcome.value;
  return ok({
    transactionId: entry.id,
    released: entry.amount,
    expiredOnReturn: entry.expiredOnReturn,
    balance: balanceAfterExpirations(entry),
    held: entry.heldAfter,
    replayed,
  });
}
