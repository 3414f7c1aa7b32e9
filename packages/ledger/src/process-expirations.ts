import type { AccountId, TransactionId } from "@jifen/core";
import { decideExpirations, type ExpirationTarget, readSetOfExpirations } from "./batch.ts";
import { groupByShard, type Shards, storedShardOf } from "./shards.ts";
import { type AccountsRead, isInfrastructureError, type LedgerStore } from "./store.ts";

/** Accounts whose expirations were processed, and the errors of accounts whose rows are inconsistent. */
export type ProcessedExpirations = AccountsRead & { readonly failures: ReadonlyMap<AccountId, unknown> };

/** Processes the expirations of accounts. Rejects with DatabaseUnavailable or OutcomeUnknown. */
export type ProcessExpirations = (accountIds: readonly AccountId[]) => Promise<ProcessedExpirations>;

/**
 * Processes the accounts of each shard in one transaction; if that fails because of one account, each in its own transaction,
 * so that only that account fails.
 */
export function createExpirationProcessor(deps: {
  readonly store: LedgerStore;
  readonly shards: Shards;
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

  const processShard = async (accountIds: readonly AccountId[]): Promise<ProcessedExpirations> => {
    const targets = accountIds.map((accountId) => ({ accountId, transactionId: deps.newTransactionId() }));
    try {
      return { ...(await processBatch(targets)), failures: new Map() };
    } catch (error) {
      if (isInfrastructureError(error)) throw error;
      return processOneByOne(targets);
    }
  };
  return async (accountIds) => {
    const groups = await groupByShard(storedShardOf(deps.shards), accountIds);
    const [first, ...others] = await Promise.all(groups.map(processShard));
    if (first === undefined) return { nowMs: 0, accounts: new Map(), failures: new Map() };
    return others.reduce(merge, first);
  };
}

/** The clocks of two shards can differ: what has expired by the earlier one has expired by both. */
const merge = (one: ProcessedExpirations, other: ProcessedExpirations): ProcessedExpirations => ({
  nowMs: Math.min(one.nowMs, other.nowMs),
  accounts: new Map([...one.accounts, ...other.accounts]),
  failures: new Map([...one.failures, ...other.failures]),
});
