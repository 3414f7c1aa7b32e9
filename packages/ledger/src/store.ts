import type { AccountId, HoldId, IdempotencyKey, TransactionId } from "@jifen/core";
import type { Account, AccountState } from "./account.ts";
import type { Charge } from "./commands/refund.ts";
import type { Entry } from "./entry.ts";
import type { ExtraChange, ExtraRow } from "./extra-writes.ts";
import type { Grant } from "./grant.ts";
import type { Hold } from "./hold.ts";

/** A key within its account. */
export type AccountKey = { readonly accountId: AccountId; readonly idempotencyKey: IdempotencyKey };
/** A hold within its account. */
export type AccountHold = { readonly accountId: AccountId; readonly holdId: HoldId };
/** A transaction within its account. */
export type AccountCharge = { readonly accountId: AccountId; readonly chargeId: TransactionId };

/** The rows that a decision wants to see. */
export type ReadSet = {
  readonly accountIds: readonly AccountId[];
  readonly keys: readonly AccountKey[];
  readonly holds: readonly AccountHold[];
  readonly charges: readonly AccountCharge[];
};

/** Those rows. What is decided on them is written only if they are still so then. */
export type Snapshot = {
  /** The database's clock, epoch milliseconds, as of these rows. */
  readonly nowMs: number;
  /**
   * Only accounts that exist. `grants`: those that have something left, and those from which the shown holds and
   * charges took. `holds`: those that were named, and, where `nextDueMs` has come, the first DUE_AT_ONCE pending ones
   * that are due; `otherHoldsDueMs` is then no later than the first expiry of the pending ones that are not shown.
   */
  readonly accounts: ReadonlyMap<AccountId, AccountState>;
  /** What was done under the keys before, in no order. */
  readonly executed: readonly Entry[];
  /** The transactions that were named, with their refunds. */
  readonly charges: readonly Charge[];
};

/**
 * How many due holds of one account are booked in one transaction, the longest due first: whoever places a hundred
 * thousand and forgets them must not stop everybody else when they expire.
 */
export const EXPIRATION_BATCH = 200;

/** What a decision writes. */
export type WriteSet = {
  readonly accountsOpened: readonly Account[];
  readonly accountsChanged: readonly Account[];
  readonly grantsAdded: readonly Grant[];
  /** Only `remaining` of a grant ever changes. */
  readonly grantsChanged: readonly Grant[];
  readonly holdsAdded: readonly Hold[];
  /** Only `state`, its three numbers, `expiresAtMs` and `resolvedAtMs` of a hold ever change. */
  readonly holdsChanged: readonly Hold[];
  readonly entries: readonly Entry[];
  /** Inserted in this order, before `extraChanges`. */
  readonly extraRows: readonly ExtraRow[];
  /** Made in this order: a later change sees the earlier ones. */
  readonly extraChanges: readonly ExtraChange[];
};

/** What a decision writes and what it tells its caller. */
export type Decision<Result> = {
  readonly writeSet: WriteSet;
  readonly result: Result;
  /** How the accounts are once that is written; those that it only looked at are as they were shown. */
  readonly after: ReadonlyMap<AccountId, AccountState>;
  /**
   * Whether everything that is told is also written. If so, the condition of the write proves it, wherever the snapshot
   * came from; a refusal, a replay or a look at an account is only as true as what was read for it.
   */
  readonly isVerifiedByWrite: boolean;
};

/** What is committed now, by the database's clock. */
export type AccountsRead = {
  readonly nowMs: number;
  /** Only accounts that exist, each with the grants that have something left. */
  readonly accounts: ReadonlyMap<AccountId, Pick<AccountState, "account" | "grants">>;
};

/** What the ledger asks of a database. */
export type LedgerStore = {
  /**
   * Reads what `needs` names, and writes what `decide` returns in one durable transaction, as if nobody else had been
   * there in between: accounts are locked, or what was read is still so when it is written. A store may show accounts as
   * it remembers them; then it writes only if they are still so, and only a decision of which all is written counts, made
   * by a moment that the database's clock agrees with. The promise resolves after
   * COMMIT returned. `decide` is pure and synchronous; the store may call it again (somebody else was faster, a
   * serialization failure, a deadlock, an account opened by two at the same time).
   * @throws DatabaseUnavailable when nothing was written; OutcomeUnknown when COMMIT was not answered;
   * ExtraWriteConflict when an extra row exists already or a row to change is not as expected. Nothing was written then,
   * and the accounts were as the decision assumed: a stale snapshot is decided again, it is never such a conflict.
   */
  commit<Result>(readSet: ReadSet, decide: (snapshot: Snapshot) => Decision<Result>): Promise<Result>;

  /** Each account and its grants as of one moment. Reads the primary, never a cache. */
  readAccounts(accountIds: readonly AccountId[]): Promise<AccountsRead>;

  /** Up to `limit` accounts of which something is due by the database's clock, the longest due first. */
  findExpiredAccounts(limit: number): Promise<readonly AccountId[]>;
};

/** The database could not be reached or gave up before anything was written: certainly no effect. */
export class DatabaseUnavailable extends Error {
  override name = "DatabaseUnavailable";
}

/** The same, and it is known before anybody asks: to ask again at once is of no use. */
export class CircuitOpen extends DatabaseUnavailable {
  override name = "DatabaseAway";
}

/** COMMIT was sent and not answered: zero or one effect. A retry with the same key settles it. */
export class OutcomeUnknown extends Error {
  override name = "OutcomeUnknown";
  /** The id that the transaction has if it is there: whoever sent no key can look for it. */
  readonly transactionId: TransactionId | undefined;

  constructor(message: string, options: ErrorOptions & { readonly transactionId?: TransactionId } = {}) {
    super(message, options);
    this.transactionId = options.transactionId;
  }
}

/** More commands are waiting than can be committed in reasonable time: certainly no effect. */
export class Overloaded extends Error {
  override name = "Overloaded";
}

/** Whether an error says something about the database as a whole, and nothing about a row. */
export const isInfrastructureError = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable || error instanceof OutcomeUnknown;
