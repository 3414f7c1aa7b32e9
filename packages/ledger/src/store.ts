import type { AccountId, HoldId, IdempotencyKey, TransactionId } from "@jifen/core";
import type { Account, AccountState } from "./account.ts";
import type { Charge } from "./commands/refund.ts";
import type { Entry } from "./entry.ts";
import type { ExtraChange, ExtraRow } from "./extra-writes.ts";
import type { Grant } from "./grant.ts";
import type { Hold } from "./hold.ts";

/** An idempotency key within its account. */
export type AccountKey = { readonly accountId: AccountId; readonly idempotencyKey: IdempotencyKey };
/** A hold within its account. */
export type AccountHold = { readonly accountId: AccountId; readonly holdId: HoldId };
/** A transaction within its account. */
export type AccountCharge = { readonly accountId: AccountId; readonly chargeId: TransactionId };

/** The read set: the rows that a decision needs. */
export type ReadSet = {
  readonly accountIds: readonly AccountId[];
  readonly keys: readonly AccountKey[];
  readonly holds: readonly AccountHold[];
  readonly charges: readonly AccountCharge[];
};

/** The rows of a read set. A decision is written only if they are unchanged at the time of the write. */
export type Snapshot = {
  /** The database's clock when the rows were read, epoch milliseconds. */
  readonly nowMs: number;
  /**
   * Only accounts that exist. `grants`: grants with credits left, and grants that the holds and charges of the snapshot
   * took from. `holds`: the holds of the read set and, if `nextExpiryMs` has passed, the first EXPIRATION_BATCH expired
   * pending holds; `otherHoldsExpiryMs` is then not later than the earliest expiry of the other pending holds.
   */
  readonly accounts: ReadonlyMap<AccountId, AccountState>;
  /** The entries that exist under the keys, in no particular order. */
  readonly executed: readonly Entry[];
  /** The charges of the read set, with their refunds. */
  readonly charges: readonly Charge[];
};

/**
 * How many expired holds of one account are processed in one transaction, the earliest expiry first: an account with a
 * hundred thousand abandoned holds must not block the others.
 */
export const EXPIRATION_BATCH = 100;

/** The write set of a decision. */
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

/** A decision: what is written, and the result for the caller. */
export type Decision<Result> = {
  readonly writeSet: WriteSet;
  readonly result: Result;
};

/** Committed accounts, and the database's clock when they were read. */
export type AccountsRead = {
  readonly nowMs: number;
  /** Only accounts that exist, each with the grants that have credits left. */
  readonly accounts: ReadonlyMap<AccountId, Pick<AccountState, "account" | "grants">>;
};

/** The ledger's port to a database. */
export type LedgerStore = {
  /**
   * Reads the read set and writes what `decide` returns in one durable transaction, serializable per account: the store
   * either locks the rows or verifies at write time that the rows it read are unchanged. The promise
   * resolves after COMMIT returned. `decide` is pure and synchronous; the store may call it again (a write conflict, a
   * serialization failure, a deadlock, an account that two transactions opened concurrently).
   * @throws DatabaseUnavailable when nothing was written; OutcomeUnknown when COMMIT was not answered;
   * ExtraWriteConflict when an extra row exists already or a row to change is not as expected. Nothing was written then,
   * and the accounts were as the decision assumed: a stale snapshot is decided again, it is never such a conflict.
   */
  commit<Result>(readSet: ReadSet, decide: (snapshot: Snapshot) => Decision<Result>): Promise<Result>;

  /** Reads each account and its grants in one snapshot of the primary, never from a cache. */
  readAccounts(accountIds: readonly AccountId[]): Promise<AccountsRead>;

  /** Up to `limit` accounts whose next expiry has passed by the database's clock, the earliest first. */
  findExpiredAccounts(limit: number): Promise<readonly AccountId[]>;
};

/** The database could not be reached, or failed before anything was written: no effect. */
export class DatabaseUnavailable extends Error {
  override name = "DatabaseUnavailable";
}

/** The circuit breaker is open, so the call was not sent: no effect, and an immediate retry is of no use. */
export class CircuitOpen extends DatabaseUnavailable {
  override name = "CircuitOpen";
}

/** COMMIT was sent and not answered: zero or one effect. A retry with the same key returns the definite outcome. */
export class OutcomeUnknown extends Error {
  override name = "OutcomeUnknown";
  /** The id that the transaction has if it took effect: a caller without a key can look it up. */
  readonly transactionId: TransactionId | undefined;

  constructor(message: string, options: ErrorOptions & { readonly transactionId?: TransactionId } = {}) {
    super(message, options);
    this.transactionId = options.transactionId;
  }
}

/** Too many commands are waiting: the command was not sent, no effect. */
export class Overloaded extends Error {
  override name = "Overloaded";
}

/** Whether an error concerns the database as a whole, not a single command. */
export const isInfrastructureError = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable || error instanceof OutcomeUnknown;
