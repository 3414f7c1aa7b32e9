import { type AccountState, assertAccountAgrees } from "../account.ts";
import { type Credits, credits } from "../credits.ts";
import { takeFromGrants } from "../grant.ts";
import { systemAccounts } from "../ids.ts";
import { type Outcome, ok, refuse } from "../outcome.ts";
import type { CommandFrame, Step } from "./step.ts";

/** Spend `amount` credits on `action`. */
export type Consume = CommandFrame & {
  readonly kind: "consume";
  readonly amount: Credits;
  readonly action: string;
  readonly metadata: string | null;
};

/** Too little: `balance` is what there is, `required` what was asked for. */
export type ConsumeRefusal = { code: "INSUFFICIENT_CREDITS"; balance: Credits; required: Credits };

/**
 * Decides whether `command.amount` can be taken from the account.
 * Units: whole credits, `nowMs` in epoch milliseconds by the database's clock.
 * Refuses with INSUFFICIENT_CREDITS.
 */
export function consume(state: AccountState, command: Consume, nowMs: number): Outcome<Step, ConsumeRefusal> {
  assertAccountAgrees(state);
  const { account } = state;
  if (command.amount > account.balance) {
    return refuse({ code: "INSUFFICIENT_CREDITS", balance: account.balance, required: command.amount });
  }
  const { changed, shares } = takeFromGrants(state.grants, command.amount);
  const after = { ...account, balance: credits(account.balance - command.amount), sequence: account.sequence + 1 };
  return ok({
    account: after,
    grantsAdded: [],
    grantsChanged: changed,
    transaction: {
      id: command.transactionId,
      accountId: account.id,
      sequence: after.sequence,
      idempotencyKey: command.idempotencyKey,
      kind: "consume",
      amount: command.amount,
      action: command.action,
      metadata: command.metadata,
      debit: account.id,
      credit: systemAccounts.earned,
      balanceAfter: after.balance,
      heldAfter: after.held,
      shares,
      createdAtMs: nowMs,
    },
  });
}
