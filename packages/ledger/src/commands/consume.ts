import { type Credits, type Outcome, ok, refuse } from "@jifen/core";
import type { AccountState } from "../account.ts";
import { allocate } from "../grant.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandBase, entryIdentity } from "./command-base.ts";

/** Spends `amount` credits on `action`. */
export type Consume = CommandBase & {
  readonly kind: "consume";
  readonly amount: Credits;
  readonly action: string;
  readonly metadata: string | null;
};

/** The account has `balance`, and the command requires `required`. */
export type InsufficientCredits = { code: "INSUFFICIENT_CREDITS"; balance: Credits; required: Credits };

/** The refusal if the account has less than `amount`. */
export const checkBalance = ({ account }: AccountState, amount: Credits): InsufficientCredits | undefined =>
  amount > account.balance ? { code: "INSUFFICIENT_CREDITS", balance: account.balance, required: amount } : undefined;

/**
 * Decides whether `command.amount` can be taken from the account.
 * Units: whole credits, `nowMs` in epoch milliseconds by the database's clock.
 * Refuses with INSUFFICIENT_CREDITS.
 */
export function consume(posted: Posted, command: Consume, nowMs: number): Outcome<Posted, InsufficientCredits> {
  const shortfall = checkBalance(posted.state, command.amount);
  if (shortfall) return refuse(shortfall);
  const { kind, amount, action, metadata } = command;
  const allocations = allocate(posted.state.grants, amount);
  return ok(
    post(posted, { ...entryIdentity(command), kind, amount, action, metadata, allocations }, { ...command, nowMs }),
  );
}
