import { type Credits, credits, type GrantId, type Outcome, ok, refuse } from "@jifen/core";
import { hasExpired } from "../account.ts";
import { allocate, type Grant } from "../grant.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandBase, entryIdentity } from "./command-base.ts";
import type { InsufficientCredits } from "./consume.ts";

/** Takes spendable credits back. `reason` becomes the entry's action. */
export type Revoke = CommandBase & {
  readonly kind: "revoke";
  readonly amount: Credits;
  readonly reason: string;
  /** Takes from this grant only; null takes from all grants in spending order. */
  readonly grantId: GrantId | null;
  /** Takes what can be taken when that is less than `amount`: the amount of the entry is then the smaller one. */
  readonly atMost: boolean;
};

/** Nothing of the grant can be spent: it is spent, held or expired, or the account has no such grant. */
export type GrantSpent = { code: "GRANT_SPENT" };

/** Refusals of a revocation. INSUFFICIENT_CREDITS has what can be taken, of the grant if there is one, and the amount. */
export type RevokeRefusal = GrantSpent | InsufficientCredits;

/** Whether the revocation takes an amount that only the account's state decides. */
const isAimed = ({ grantId, atMost }: Revoke): boolean => grantId !== null || atMost;

/**
 * The fields besides the reason that a retry of an aimed revocation must repeat; null for a plain one, whose amount is that
 * of its entry.
 */
export const revokeRequestParams = (command: Revoke): string | null =>
  isAimed(command)
    ? JSON.stringify({ grantId: command.grantId, atMost: command.atMost, amount: command.amount })
    : null;

/**
 * Decides how much can be taken back; held credits cannot.
 * Refuses, in this order: GRANT_SPENT (only with a grant), INSUFFICIENT_CREDITS (with `atMost` only when there is nothing).
 */
export function revoke(posted: Posted, command: Revoke, nowMs: number): Outcome<Posted, RevokeRefusal> {
  const grants = grantsToTakeFrom(posted, command);
  const available = credits(grants.reduce((sum, { remaining }) => sum + remaining, 0));
  if (command.grantId !== null && available === 0) return refuse({ code: "GRANT_SPENT" });
  const amount = credits(Math.min(command.amount, available));
  if (amount < command.amount && !mayTakeLess(posted, { command, amount, nowMs })) {
    return refuse({ code: "INSUFFICIENT_CREDITS", balance: available, required: command.amount });
  }
  const entry = {
    ...entryIdentity(command),
    kind: command.kind,
    amount,
    action: command.reason,
    requestParams: revokeRequestParams(command),
    allocations: allocate(grants, amount),
  };
  return ok(post(posted, entry, { ...command, nowMs }));
}

/** Expired holds that are not released yet may return more: then the command is decided again after they are. */
const mayTakeLess = (
  { state }: Posted,
  { command, amount, nowMs }: { readonly command: Revoke; readonly amount: Credits; readonly nowMs: number },
): boolean => command.atMost && amount > 0 && !hasExpired(state.account, nowMs);

const grantsToTakeFrom = ({ state }: Posted, { grantId }: Revoke): readonly Grant[] =>
  grantId === null ? state.grants : state.grants.filter(({ id }) => id === grantId);
