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

/** What a database reads for `Needs` as soon as it has the locks, column by column. */
export type FirstRows = {
  readonly nowMs: number;
  readonly accounts: readonly AccountRow[];
  /** Those that have something left. */
  readonly grants: readonly GrantRow[];
  /** Those that were named. */
  readonly holds: readonly HoldRow[];
  /** What was done under the keys. */
  readonly executed: readonly EntryRow[];
  /** Those that were named, and the refunds of each. */
  readonly charges: readonly EntryRow[];
  readonly refunds: readonly EntryRow[];
};

/** What it reads of accounts that are due: their holds that are due, and when the first that is not shown will be. */
export type ExpirationRows = {
  readonly holds: readonly HoldRow[];
  readonly others: readonly { readonly account_id: string; readonly due_ms: number | bigint | string }[];
};

/** An account, and a key or the id of something within it. */
export type Pair = readonly [AccountId, string];

/** Each pair once: a row that is shown twice would be taken for two. */
const distinct = (pairs: readonly Pair[]): readonly Pair[] => [
  // No account id has a line break in it.
  ...new Map(pairs.map((pair) => [pair.join("\n"), pair])).values(),
];

/**
 * What `needs` names, each once; the accounts in the order in which they are locked. `ownIds` are of lines whose
 * key says no more than their id, and is not stored.
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

/** Everything that `Needs` names. */
export type DistinctReads = ReturnType<typeof distinctReads>;

/** What was read so far, on its way to a snapshot. Most batches are complete with what was read first. */
export class SnapshotDraft {
  readonly nowMs: number;
  readonly #rows: FirstRows;
  readonly #accounts: ReadonlyMap<string, ReturnType<typeof toAccount>>;
  readonly #charges: readonly Charge[];
  readonly #holds = new Map<string, Hold>();
  readonly #othersDueMs = new Map<string, number>();
  readonly #grants: Grant[];

  /** @param remembered accounts that were not read, without holds. */
  constructor(rows: FirstRows, remembered: readonly AccountState[] = []) {
    this.nowMs = rows.nowMs;
    this.#rows = rows;
    const accounts = [...rows.accounts.map(toAccount), ...remembered.map(({ account }) => account)];
    this.#accounts = new Map(accounts.map((account) => [account.id, account]));
    this.#grants = [...rows.grants.map(toGrant), ...remembered.flatMap(({ grants }) => grants)];
    for (const hold of rows.holds.map(toHold)) this.#holds.set(hold.id, hold);
    const refunds = Map.groupBy(rows.refunds.map(toEntry), ({ referenceId }) => referenceId);
    this.#charges = rows.charges.map(toEntry).map((entry) => ({
      entry,
      refunds: refunds.get(entry.id) ?? [],
    }));
  }

  /** The accounts of which something is due, if any: their holds have to be read too. */
  dueAccounts(): readonly AccountId[] {
    return [...this.#accounts.values()].filter((account) => hasExpired(account, this.nowMs)).map(({ id }) => id);
  }

  addDue({ holds, others }: ExpirationRows): void {
    for (const hold of holds.map(toHold)) this.#holds.set(hold.id, hold);
    for (const { account_id, due_ms } of others) this.#othersDueMs.set(account_id, Number(due_ms));
    // As many as may be shown at once: those after them are due no sooner than the last.
    for (const [accountId, shown] of Map.groupBy(holds, ({ account_id }) => account_id)) {
      const last = shown.at(EXPIRATION_BATCH - 1);
      if (last) this.#othersDueMs.set(accountId, Number(last.expires_at_ms));
    }
  }

  /** The grants to which something may come back and which have nothing left, so that they have not been read. */
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

/** Accounts with their open grants, as one statement read them: each account once, and each grant. */
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

/** A refusal or a replay: nothing to commit. */
export const isEmptyWriteSet = (writeSet: WriteSet): boolean =>
  Object.values(writeSet).every((rows) => rows.length === 0);
