import { type AccountState, assertAccountAgrees } from "../account.ts";
import { type Credits, credits, MAX_BALANCE } from "../credits.ts";
import type { Grant, GrantSource } from "../grant.ts";
import { type GrantId, systemAccounts } from "../ids.ts";
import { type Outcome, ok, refuse } from "../outcome.ts";
import type { CommandFrame, Step } from "./step.ts";

/** Give `amount` credits, as a bucket of their own. `reason` is kept as the transaction's action. */
export type GrantCredits = CommandFrame & {
  readonly kind: "grant";
  readonly grantId: GrantId;
  readonly amount: Credits;
  readonly source: GrantSource;
  readonly priority: number;
  readonly reason: string;
};

/** The account would hold more than MAX_BALANCE. */
export type GrantRefusal = { code: "BALANCE_LIMIT"; balance: Credits; limit: number };

/**
 * Decides whether the account can take `command.amount` more.
 * Refuses with BALANCE_LIMIT.
 */
export function grant(state: AccountState, command: GrantCredits, nowMs: number): Outcome<Step, GrantRefusal> {
  assertAccountAgrees(state);
  const { account } = state;
  if (account.balance + account.held + command.amount > MAX_BALANCE) {
    return refuse({ code: "BALANCE_LIMIT", balance: account.balance, limit: MAX_BALANCE });
  }
  const bucket: Grant = {
    id: command.grantId,
    accountId: account.id,
    source: command.source,
    amount: command.amount,
    remaining: command.amount,
    priority: command.priority,
    createdAtMs: nowMs,
  };
  const after = { ...account, balance: credits(account.balance + command.amount), sequence: account.sequence + 1 };
  return ok({
    account: after,
    grantsAdded: [bucket],
    grantsChanged: [],
    transaction: {
      id: command.transactionId,
      accountId: account.id,
      sequence: after.sequence,
      idempotencyKey: command.idempotencyKey,
      kind: "grant",
      amount: command.amount,
      action: command.reason,
      metadata: null,
      debit: systemAccounts.issued,
      credit: account.id,
      balanceAfter: after.balance,
      heldAfter: after.held,
      shares: [{ grantId: bucket.id, amount: bucket.amount }],
      createdAtMs: nowMs,
    },
  });
}
