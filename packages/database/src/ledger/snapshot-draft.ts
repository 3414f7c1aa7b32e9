import { type AccountId, type GrantId, idempotencyKey } from "@jifen/core";
import {
  type AccountState,
  type AccountsRead,
  type Charge,
  type Entry,
  EXPIRATION_BATCH,
  type Grant,
  type Hold,
  hasExpired,
  inSpendingOrder,
  type ReadSet,
  type Snapshot,
  type WriteSet,
} from "@jifen/ledger";
import {
  type AccountRow,
  type EntryRow,
  type GrantRow,
  type HoldRow,
  toAccount,
  toEntry,
  toGrant,
  toHold,
} from "./rows.ts";

/** The rows of the first round trip of a read. */
export type FirstRows = {
  readonly nowMs: number;
  readonly accounts: readonly AccountRow[];
  /** The open grants of the accounts. */
  readonly grants: readonly GrantRow[];
  /** The holds of the read set. */
  readonly holds: readonly HoldRow[];
  /** The entries under the keys of the read set. */
  readonly executed: readonly EntryRow[];
  /** The charges of the read set, and their refunds. */
  readonly charges: readonly EntryRow[];
  readonly refunds: readonly EntryRow[];
};

/** The rows of a second round trip, for accounts with something expired: the expired holds, and the next expiry of others. */
export type ExpirationRows = {
  readonly holds: readonly HoldRow[];
  readonly others: readonly { readonly account_id: string; readonly due_ms: number | bigint | string }[];
};

/** An account, and a key or an id within the account. */
export type Pair = readonly [AccountId, string];

/** Removes duplicates: a row that is read twice would be counted twice. */
const distinct = (pairs: readonly Pair[]): readonly Pair[] => [
  // An account id cannot contain a line break.
  ...new Map(pairs.map((pair) => [pair.join("\n"), pair])).values(),
];

/**
 * The read set without duplicates, and the accounts in the order in which they are locked. `ownIds` are the ids of entries
 * without a caller's key: their key is derived from the id and not stored.
 */
export function distinctReads(readSet: ReadSet) {
  const keys: Pair[] = [];
  const ownIds: Pair[] = [];
  for (const { accountId, idempotencyKey: key } of readSet.keys) {
    const id = idempotencyKey.idIn(key);
    if (id === undefined) keys.push([accountId, key]);
    else ownIds.push([accountId, id]);
  }
  return {
    accountIds: [...new Set(readSet.accountIds)].toSorted(),
    keys: distinct(keys),
    ownIds: distinct(ownIds),
    holds: distinct(readSet.holds.map(({ accountId, holdId }) => [accountId, holdId])),
    charges: distinct(readSet.charges.map(({ accountId, chargeId }) => [accountId, chargeId])),
  };
}

/** A read set without duplicates. */
export type DistinctReads = ReturnType<typeof distinctReads>;

/** Builds a snapshot from the rows of one or two round trips. */
export class SnapshotDraft {
  readonly nowMs: number;
  readonly #rows: FirstRows;
  readonly #accounts: ReadonlyMap<string, ReturnType<typeof toAccount>>;
  readonly #charges: readonly Charge[];
  readonly #holds = new Map<string, Hold>();
  readonly #othersDueMs = new Map<string, number>();
  readonly #grants: Grant[];

  constructor(rows: FirstRows) {
    this.nowMs = rows.nowMs;
    this.#rows = rows;
    this.#accounts = new Map(rows.accounts.map(toAccount).map((account) => [account.id, account]));
    this.#grants = rows.grants.map(toGrant);
    for (const hold of rows.holds.map(toHold)) this.#holds.set(hold.id, hold);
    const refunds = Map.groupBy(rows.refunds.map(toEntry), ({ referenceId }) => referenceId);
    this.#charges = rows.charges.map(toEntry).map((entry) => ({
      entry,
      refunds: refunds.get(entry.id) ?? [],
    }));
  }

  /** The accounts of which something has expired: their holds have to be read as well. */
  expiredAccounts(): readonly AccountId[] {
    return [...this.#accounts.values()].filter((account) => hasExpired(account, this.nowMs)).map(({ id }) => id);
  }

  addExpired({ holds, others }: ExpirationRows): void {
    for (const hold of holds.map(toHold)) this.#holds.set(hold.id, hold);
    for (const { account_id, due_ms } of others) this.#othersDueMs.set(account_id, Number(due_ms));
    // A full batch: the holds after it expire no earlier than its last one.
    for (const [accountId, shown] of Map.groupBy(holds, ({ account_id }) => account_id)) {
      const last = shown.at(EXPIRATION_BATCH - 1);
      if (last) this.#othersDueMs.set(accountId, Number(last.expires_at_ms));
    }
  }

  /** Closed grants to which credits may return. The first round trip reads only open grants. */
  closedGrants(): readonly Pair[] {
    const open = new Set<GrantId>(this.#grants.map(({ id }) => id));
    const origins: readonly (Hold | Entry)[] = [...this.#holds.values(), ...this.#charges.map(({ entry }) => entry)];
    const closed = origins.flatMap(({ accountId, allocations }) =>
      allocations.filter(({ grantId }) => !open.has(grantId)).map(({ grantId }): Pair => [accountId, grantId]),
    );
    return distinct(closed);
  }

  addGrants(rows: readonly GrantRow[]): void {
    this.#grants.push(...rows.map(toGrant));
  }

  finish(): Snapshot {
    const grants = Map.groupBy(this.#grants, ({ accountId }) => accountId);
    const holds = Map.groupBy(this.#holds.values(), ({ accountId }) => accountId);
    const accounts = new Map<AccountId, AccountState>();
    for (const account of this.#accounts.values()) {
      accounts.set(account.id, {
        account,
        grants: inSpendingOrder(grants.get(account.id) ?? []),
        holds: holds.get(account.id) ?? [],
        otherHoldsExpiryMs: this.#othersDueMs.get(account.id) ?? null,
      });
    }
    return { nowMs: this.nowMs, accounts, executed: this.#rows.executed.map(toEntry), charges: this.#charges };
  }
}

/** Converts the account rows and the grant rows of one read. */
export function toAccountsRead(
  nowMs: number,
  accountRows: readonly AccountRow[],
  grantRows: readonly GrantRow[],
): AccountsRead {
  const grants = Map.groupBy(grantRows.map(toGrant), ({ accountId }) => accountId);
  const accounts = accountRows.map(toAccount).map((account) => {
    return [account.id, { account, grants: inSpendingOrder(grants.get(account.id) ?? []) }] as const;
  });
  return { nowMs, accounts: new Map(accounts) };
}

/** Whether there is nothing to commit, as after a refusal or a replay. */
export const isEmptyWriteSet = (writeSet: WriteSet): boolean =>
  Object.values(writeSet).every((rows) => rows.length === 0);
