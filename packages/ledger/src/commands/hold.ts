import {
  type Credits,
  credits,
  type HoldId,
  holderKindOf,
  invariant,
  type Outcome,
  type Owner,
  ok,
  refuse,
} from "@jifen/core";
import { withHold } from "../expirations.ts";
import { allocate } from "../grant.ts";
import type { Hold } from "../hold.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandBase, entryIdentity } from "./command-base.ts";
import { checkBalance, type InsufficientCredits } from "./consume.ts";

/** Places a hold of `amount` credits for `ttlSeconds`. */
export type PlaceHold = CommandBase & {
  readonly kind: "hold";
  readonly holdId: HoldId;
  readonly placedBy: Owner;
  readonly amount: Credits;
  readonly action: string;
  readonly metadata: string | null;
  readonly ttlSeconds: number;
};

/**
 * The fields besides amount, action and metadata that a retry must repeat. Only the kind of the holder: the key belongs to
 * the owner, and entries of earlier versions have no more.
 */
export const holdRequestParams = ({ placedBy, ttlSeconds }: PlaceHold): string =>
  JSON.stringify({ placedBy: holderKindOf(placedBy), ttlSeconds });

/**
 * Decides whether `command.amount` can be held.
 * Refuses with INSUFFICIENT_CREDITS.
 */
export function placeHold(posted: Posted, command: PlaceHold, nowMs: number): Outcome<Posted, InsufficientCredits> {
  const shortfall = checkBalance(posted.state, command.amount);
  if (shortfall) return refuse(shortfall);
  const { kind, amount, action, metadata } = command;
  invariant(command.ttlSeconds >= 1, "a hold must last at least one second");
  invariant(!posted.state.holds.some(({ id }) => id === command.holdId), `hold ${command.holdId} already exists`);
  const zero = credits(0);
  const hold: Hold = {
    id: command.holdId,
    accountId: command.accountId,
    placedBy: command.placedBy,
    action,
    metadata,
    amount,
    allocations: allocate(posted.state.grants, amount),
    state: "pending",
    captured: zero,
    released: zero,
    expired: zero,
    expiresAtMs: nowMs + command.ttlSeconds * 1_000,
    createdAtMs: nowMs,
    resolvedAtMs: null,
  };
  const { allocations, expiresAtMs } = hold;
  const fields = { metadata, requestParams: holdRequestParams(command), referenceId: hold.id, expiresAtMs };
  const state = withHold(posted.state, hold);
  const entry = { ...entryIdentity(command), kind, amount, action, allocations, ...fields };
  return ok(post({ ...posted, state }, entry, { ...command, nowMs }));
}
