import type { Account, AccountState } from "./account.ts";
import type { Credits } from "./credits.ts";
import type { Grant } from "./grant.ts";
import type { AccountId, IdempotencyKey } from "./ids.ts";
import type { Transaction } from "./transaction.ts";

/** A key within its account. */
export type AccountKey = { readonly accountId: AccountId; readonly idempotencyKey: IdempotencyKey };

/** The rows that a decision wants to see, locked. */
export type Needs = {
  readonly accountIds: readonly AccountId[];
  readonly keys: readonly AccountKey[];
};

/** Those rows, as they are for as long as the transaction lasts. */
export type Snapshot = {
  /** The database's clock, epoch milliseconds, read after the locks were taken. */
  readonly nowMs: number;
  /** Only accounts that exist; with the grants that still have something in them. */
  readonly accounts: ReadonlyMap<AccountId, AccountState>;
  /** What was done under the keys before, in no order. */
  readonly earlier: readonly Transaction[];
};

/** What a decision writes. */
export type Changes = {
  readonly accountsOpened: readonly Account[];
  readonly accountsChanged: readonly Account[];
  readonly grantsAdded: readonly Grant[];
  readonly grantsChanged: readonly Grant[];
  readonly transactions: readonly Transaction[];
};

/** What a decision writes and what it tells its caller. */
export type Decision<Result> = { readonly changes: Changes; readonly result: Result };

/** What the ledger asks of a database. */
export type LedgerStore = {
  /**
   * Locks the accounts in id order, reads what `needs` names, and writes what `decide` returns,
   * in one durable transaction. The promise resolves after COMMIT returned.
   * `decide` is pure and synchronous; the store may call it again when the database asks for a retry
   * (serialization failure, deadlock, an account opened by somebody else at the same time).
   * @throws DatabaseUnavailable when nothing was written; OutcomeUnknown when COMMIT was not answered.
   */
  commit<Result>(needs: Needs, decide: (snapshot: Snapshot) => Decision<Result>): Promise<Result>;

  /** What is committed now; nothing for accounts that were never opened. Reads the primary, never a cache. */
  readBalances(
    accountIds: readonly AccountId[],
  ): Promise<ReadonlyMap<AccountId, { readonly balance: Credits; readonly held: Credits }>>;
};

/** The database could not be reached or gave up before anything was written: certainly no effect. */
export class DatabaseUnavailable extends Error {
  override name = "DatabaseUnavailable";
}

/** COMMIT was sent and not answered: zero or one effect. A retry with the same key settles it. */
export class OutcomeUnknown extends Error {
  override name = "OutcomeUnknown";
}

/** More commands are waiting than can be committed in reasonable time: certainly no effect. */
export class Overloaded extends Error {
  override name = "Overloaded";
}
