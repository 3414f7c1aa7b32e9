import { type Credits, type Outcome, ok, refuse } from "@jifen/core";
import type { AccountState } from "../account.ts";
import { allocate } from "../grant.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandFrame, entryIdentity } from "./frame.ts";

/** Spend `amount` credits on `action`. */
export type Consume = CommandFrame & {
  readonly kind: "consume";
  readonly amount: Credits;
  readonly action: string;
  readonly metadata: string | null;
};

/** Too little: `balance` is what there is, `required` what was asked for. */
export type InsufficientCredits = { code: "INSUFFICIENT_CREDITS"; balance: Credits; required: Credits };

/** Whether the account has less than `amount`. */
export const checkBalance = ({ account }: AccountState, amount: Credits): InsufficientCredits | undefined =>
  amount > account.balance ? { code: "INSUFFICIENT_CREDITS", balance: account.balance, required: amount } : undefined;

/**
 * Decides whether `command.amount` can be taken from the account.
 * Units: whole credits, `nowMs` in epoch milliseconds by the database's clock.
 * Refuses with INSUFFICIENT_CREDITS.
 */
export function consume(posted: Posted, command: Consume, nowMs: number): Outcome<Posted, InsufficientCredits> {
  const lacking = checkBalance(posted.state, command.amount);
  if (lacking) return refuse(lacking);
  const { kind, amount, action, metadata } = command;
  const allocations = allocate(posted.state.grants, amount);
  return ok(
    post(posted, { ...entryIdentity(command), kind, amount, action, metadata, allocations }, { ...command, nowMs }),
  );
}
