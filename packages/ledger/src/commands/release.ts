import { credits, holderKindOf, type Outcome, ok } from "@jifen/core";
import { expiredAmountOf, expireGrants, withHold } from "../expirations.ts";
import type { Hold } from "../hold.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandBase, entryIdentity } from "./command-base.ts";
import { findPendingHold, type HoldCommand, type HoldRefusal, type StaffHoldCommand } from "./pending-hold.ts";

/** Releases all of a hold. */
export type ReleaseHold = CommandBase &
  (HoldCommand | StaffHoldCommand) & { readonly kind: "release"; readonly metadata: string | null };

/** The fields besides the hold and the metadata that a retry must repeat. */
export const releaseRequestParams = ({ by }: ReleaseHold): string =>
  JSON.stringify({ by: by === "staff" ? by : holderKindOf(by) });

/**
 * Returns a hold to the grants that it was taken from.
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
  const context = { ...command, nowMs };
  return ok(expireGrants(post({ ...posted, state: withHold(posted.state, resolved) }, entry, context), context));
}
