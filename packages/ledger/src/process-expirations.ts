import type { AccountId, TransactionId } from "@jifen/core";
import { decideExpirations, type ExpirationTarget, readSetOfExpirations } from "./batch.ts";
import { type AccountsRead, isInfrastructureError, type LedgerStore } from "./store.ts";

/** Accounts of which nothing is due any more, and why others could not be settled: their books are in disorder. */
export type ProcessedExpirations = AccountsRead & { readonly failures: ReadonlyMap<AccountId, unknown> };

/** Books what is due on accounts. Rejects with DatabaseUnavailable or OutcomeUnknown. */
export type ProcessExpirations = (accountIds: readonly AccountId[]) => Promise<ProcessedExpirations>;

/** Settles accounts in one transaction; when one of them does not let it, each in its own, so that it fails alone. */
export function createExpirationProcessor(deps: {
  readonly store: LedgerStore;
  readonly newTransactionId: () => TransactionId;
}): ProcessExpirations {
  const together = (all: readonly ExpirationTarget[]) =>
    deps.store.commit(readSetOfExpirations(all), (snapshot) => decideExpirations(all, snapshot));

  const oneByOne = async (all: readonly ExpirationTarget[]): Promise<ProcessedExpirations> => {
    const accounts = new Map<AccountId, NonNullable<ReturnType<AccountsRead["accounts"]["get"]>>>();
    const failures = new Map<AccountId, unknown>();
    let nowMs = 0;
    for (const each of all) {
      try {
        const settled = await together([each]);
        nowMs = settled.nowMs;
        for (const [id, state] of settled.accounts) accounts.set(id, state);
      } catch (error) {
        if (isInfrastructureError(error)) throw error;
        failures.set(each.accountId, error);
      }
    }
    return { nowMs, accounts, failures };
  };

  return async (accountIds) => {
    const all = accountIds.map((accountId) => ({ accountId, transactionId: deps.newTransactionId() }));
    try {
      return { ...(await together(all)), failures: new Map() };
    } catch (error) {
      if (isInfrastructureError(error)) throw error;
      return oneByOne(all);
    }
  };
}
