import type { AccountId, TransactionId } from "@jifen/core";
import { decideExpirations, type ExpirationTarget, readSetOfExpirations } from "./batch.ts";
import { type AccountsRead, isInfrastructureError, type LedgerStore } from "./store.ts";

/** Accounts whose expirations were processed, and the errors of accounts whose rows are inconsistent. */
export type ProcessedExpirations = AccountsRead & { readonly failures: ReadonlyMap<AccountId, unknown> };

/** Processes the expirations of accounts. Rejects with DatabaseUnavailable or OutcomeUnknown. */
export type ProcessExpirations = (accountIds: readonly AccountId[]) => Promise<ProcessedExpirations>;

/** Processes accounts in one transaction; if that fails because of one account, each in its own transaction, so that only that account fails. */
export function createExpirationProcessor(deps: {
  readonly store: LedgerStore;
  readonly newTransactionId: () => TransactionId;
}): ProcessExpirations {
  const processBatch = (targets: readonly ExpirationTarget[]) =>
    deps.store.commit(readSetOfExpirations(targets), (snapshot) => decideExpirations(targets, snapshot));

  const processOneByOne = async (targets: readonly ExpirationTarget[]): Promise<ProcessedExpirations> => {
    const accounts = new Map<AccountId, NonNullable<ReturnType<AccountsRead["accounts"]["get"]>>>();
    const failures = new Map<AccountId, unknown>();
    let nowMs = 0;
    for (const target of targets) {
      try {
        const processed = await processBatch([target]);
        nowMs = processed.nowMs;
        for (const [id, state] of processed.accounts) accounts.set(id, state);
      } catch (error) {
        if (isInfrastructureError(error)) throw error;
        failures.set(target.accountId, error);
      }
    }
    return { nowMs, accounts, failures };
  };

  return async (accountIds) => {
    const targets = accountIds.map((accountId) => ({ accountId, transactionId: deps.newTransactionId() }));
    try {
      return { ...(await processBatch(targets)), failures: new Map() };
    } catch (error) {
      if (isInfrastructureError(error)) throw error;
      return processOneByOne(targets);
    }
  };
}
