import type { AccountId, AccountState, Changes, Needs, Snapshot } from "@jifen/ledger";
import { type AccountRow, type GrantRow, type TransactionRow, toAccount, toGrant, toTransaction } from "./rows.ts";

/** What a database read for `Needs`, column by column. */
export type SnapshotRows = {
  readonly nowMs: number;
  readonly accounts: readonly AccountRow[];
  readonly grants: readonly GrantRow[];
  readonly transactions: readonly TransactionRow[];
};

/** Rows to snapshot. */
export function toSnapshot(rows: SnapshotRows): Snapshot {
  const grants = Map.groupBy(rows.grants.map(toGrant), (grant) => grant.accountId);
  const accounts = new Map<AccountId, AccountState>();
  for (const row of rows.accounts) {
    const account = toAccount(row);
    accounts.set(account.id, { account, grants: grants.get(account.id) ?? [] });
  }
  return { nowMs: rows.nowMs, accounts, earlier: rows.transactions.map(toTransaction) };
}

/** The accounts that `needs` names, once each, in the order in which they are locked. */
export const accountsToLock = (needs: Needs): readonly AccountId[] => [...new Set(needs.accountIds)].toSorted();

/** A refusal or a replay: nothing to commit. */
export const changesNothing = (changes: Changes): boolean => changes.transactions.length === 0;
