import { type Credits, credits, type Holder, type HoldId, invariant, type Outcome, ok, refuse } from "@jifen/core";
import { withHold } from "../expirations.ts";
import { allocate } from "../grant.ts";
import type { Hold } from "../hold.ts";
import { type Posted, post } from "../posting.ts";
import { checkBalance, type InsufficientCredits } from "./consume.ts";
import { type CommandFrame, entryIdentity } from "./frame.ts";

/** Set `amount` credits aside for `ttlSeconds`. */
export type PlaceHold = CommandFrame & {
  readonly kind: "hold";
  readonly holdId: HoldId;
  readonly placedBy: Holder;
  readonly amount: Credits;
  readonly action: string;
  readonly metadata: string | null;
  readonly ttlSeconds: number;
};

/** What a hold's retry has to repeat beside its amount, action and metadata. */
export const holdRequestParams = ({ placedBy, ttlSeconds }: PlaceHold): string =>
  JSON.stringify({ placedBy, ttlSeconds });

/**
 * Decides whether `command.amount` can be set aside.
 * Refuses with INSUFFICIENT_CREDITS.
 */
export function placeHold(posted: Posted, command: PlaceHold, nowMs: number): Outcome<Posted, InsufficientCredits> {
  const lacking = checkBalance(posted.state, command.amount);
  if (lacking) return refuse(lacking);
  const { kind, amount, action, metadata } = command;
  invariant(command.ttlSeconds >= 1, "a hold must not end at the moment it is placed");
  invariant(!posted.state.holds.some(({ id }) => id === command.holdId), `there is a hold ${command.holdId} already`);
  const nothing = credits(0);
  const hold: Hold = {
    id: command.holdId,
    accountId: command.accountId,
    placedBy: command.placedBy,
    action,
    metadata,
    amount,
    allocations: allocate(posted.state.grants, amount),
    state: "pending",
    captured: nothing,
    released: nothing,
    expired: nothing,
    expiresAtMs: nowMs + command.ttlSeconds * 1_000,
    createdAtMs: nowMs,
    resolvedAtMs: null,
  };
  const { allocations, expiresAtMs } = hold;
  const about = { metadata, requestParams: holdRequestParams(command), referenceId: hold.id, expiresAtMs };
  const state = withHold(posted.state, hold);
  const entry = { ...entryIdentity(command), kind, amount, action, allocations, ...about };
  return ok(post({ ...posted, state }, entry, { ...command, nowMs }));
}
