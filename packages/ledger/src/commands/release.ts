import { credits, type Outcome, ok } from "@jifen/core";
import { expiredAmountOf, expireGrants, withHold } from "../expirations.ts";
import type { Hold } from "../hold.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandFrame, entryIdentity } from "./frame.ts";
import { findPendingHold, type HoldCommand, type HoldRefusal } from "./pending-hold.ts";

/** Free all of a hold. */
export type ReleaseHold = CommandFrame & HoldCommand & { readonly kind: "release"; readonly metadata: string | null };

/** What a retry has to repeat beside the hold and the reason. */
export const releaseRequestParams = ({ by }: ReleaseHold): string => JSON.stringify({ by });

/**
 * Gives a hold back to the grants it was taken from.
 * Refuses, in this order: HOLD_NOT_FOUND, FORBIDDEN, HOLD_ALREADY_RESOLVED.
 */
export function releaseHold(posted: Posted, command: ReleaseHold, nowMs: number): Outcome<Posted, HoldRefusal> {
  const found = findPendingHold(posted.state, command);
  if (!found.ok) return found;
  const hold = found.value;
  const { amount, action, allocations } = hold;
  const resolved: Hold = { ...hold, state: "released", released: amount, resolvedAtMs: nowMs };
  const entry = {
    ...entryIdentity(command),
    kind: command.kind,
    amount,
    action,
    metadata: command.metadata,
    requestParams: releaseRequestParams(command),
    referenceId: hold.id,
    allocations,
    expiredOnReturn: credits(expiredAmountOf(posted.state.grants, allocations, nowMs)),
  };
  const moment = { ...command, nowMs };
  return ok(expireGrants(post({ ...posted, state: withHold(posted.state, resolved) }, entry, moment), moment));
}
