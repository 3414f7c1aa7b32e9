import { credits, holderKindOf, type Outcome, ok } from "@jifen/core";
import { withHold } from "../expirations.ts";
import type { Hold } from "../hold.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandBase, entryIdentity } from "./command-base.ts";
import { findPendingHold, type HoldCommand, type HoldRefusal } from "./pending-hold.ts";

/** Extends a hold to `ttlSeconds` from now. A hold that expires later keeps its expiry. */
export type ExtendHold = CommandBase & HoldCommand & { readonly kind: "extend"; readonly ttlSeconds: number };

/** The fields besides the hold that a retry must repeat. */
export const extendRequestParams = ({ by, ttlSeconds }: ExtendHold): string =>
  JSON.stringify({ by: holderKindOf(by), ttlSeconds });

/**
 * Extends a hold.
 * Refuses, in this order: HOLD_NOT_FOUND, FORBIDDEN, HOLD_ALREADY_RESOLVED.
 */
export function extendHold(posted: Posted, command: ExtendHold, nowMs: number): Outcome<Posted, HoldRefusal> {
  const found = findPendingHold(posted.state, command);
  if (!found.ok) return found;
  const hold: Hold = {
    ...found.value,
    expiresAtMs: Math.max(found.value.expiresAtMs, nowMs + command.ttlSeconds * 1_000),
  };
  const entry = {
    ...entryIdentity(command),
    kind: command.kind,
    amount: credits(0),
    action: hold.action,
    requestParams: extendRequestParams(command),
    referenceId: hold.id,
    expiresAtMs: hold.expiresAtMs,
    allocations: [],
  };
  const state = withHold(posted.state, hold);
  return ok(post({ ...posted, state }, entry, { ...command, nowMs }));
}
