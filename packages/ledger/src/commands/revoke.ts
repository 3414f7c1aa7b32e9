import { type Credits, type Outcome, ok, refuse } from "@jifen/core";
import { allocate } from "../grant.ts";
import { type Posted, post } from "../posting.ts";
import { checkBalance, type InsufficientCredits } from "./consume.ts";
import { type CommandFrame, entryIdentity } from "./frame.ts";

/** Take `amount` credits away again. `reason` is kept as the transaction's action. */
export type Revoke = CommandFrame & {
  readonly kind: "revoke";
  readonly amount: Credits;
  readonly reason: string;
};

/**
 * Decides whether `command.amount` can be taken away; what is set aside cannot.
 * Refuses with INSUFFICIENT_CREDITS.
 */
export function revoke(posted: Posted, command: Revoke, nowMs: number): Outcome<Posted, InsufficientCredits> {
  const lacking = checkBalance(posted.state, command.amount);
  if (lacking) return refuse(lacking);
  const { kind, amount, reason } = command;
  const allocations = allocate(posted.state.grants, amount);
  return ok(
    post(posted, { ...entryIdentity(command), kind, amount, action: reason, allocations }, { ...command, nowMs }),
  );
}
