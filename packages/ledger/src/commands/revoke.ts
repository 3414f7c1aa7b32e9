import { type Credits, type Outcome, ok, refuse } from "@jifen/core";
import { allocate } from "../grant.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandBase, entryIdentity } from "./command-base.ts";
import { checkBalance, type InsufficientCredits } from "./consume.ts";

/** Takes `amount` spendable credits back. `reason` becomes the entry's action. */
export type Revoke = CommandBase & {
  readonly kind: "revoke";
  readonly amount: Credits;
  readonly reason: string;
};

/**
 * Decides whether `command.amount` can be taken back; held credits cannot.
 * Refuses with INSUFFICIENT_CREDITS.
 */
export function revoke(posted: Posted, command: Revoke, nowMs: number): Outcome<Posted, InsufficientCredits> {
  const shortfall = checkBalance(posted.state, command.amount);
  if (shortfall) return refuse(shortfall);
  const { kind, amount, reason } = command;
  const allocations = allocate(posted.state.grants, amount);
  return ok(
    post(posted, { ...entryIdentity(command), kind, amount, action: reason, allocations }, { ...command, nowMs }),
  );
}
