import {
  type AccountId,
  accountId,
  type EntryKind,
  type GrantId,
  type HoldId,
  type IdempotencyKey,
  type TransactionId,
} from "@jifen/core";
import type { Entry, Grant } from "@jifen/ledger";
import { toEntry, toGrant } from "../ledger/rows.ts";
import type { Records, StoredRecord } from "../records/records.ts";
import { createHoldReads, type HoldReads } from "./hold-reads.ts";
import { byColumn } from "./ledger-records.ts";
import { newestFirst, type Page } from "./page.ts";
import type { ReferenceReads } from "./reference-reads.ts";

/** Which entries of an account to list. Times are epoch milliseconds, `fromMs` inclusive, `toMs` exclusive. */
export type TransactionFilter = {
  readonly kind?: EntryKind | undefined;
  readonly action?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
};

/**
 * Reads what happened to accounts. Expirations that are not processed yet are not in it.
 * Every operation rejects with DatabaseUnavailable when the database cannot be reached.
 */
export type HistoryStore = HoldReads & {
  /**
   * The number of the last entry of each of these accounts: an account whose number is unchanged has the same balance. Accounts
   * that do not exist are left out.
   */
  sequences(accountIds: readonly AccountId[]): Promise<ReadonlyMap<AccountId, number>>;
  /**
   * The balance of each of these accounts, in one statement. What has expired and is not processed yet, for some seconds, is
   * still in it. Accounts that do not exist are left out.
   */
  balances(accountIds: readonly AccountId[]): Promise<ReadonlyMap<AccountId, number>>;
  /** The entries of an account, newest first. `before`: only smaller sequence numbers. */
  entries(accountId: AccountId, filter: TransactionFilter, page: Page<number>): Promise<readonly Entry[]>;
  /** The entries of an account, oldest first. @param page.after only greater sequence numbers */
  entriesOldest(
    accountId: AccountId,
    filter: TransactionFilter,
    page: { readonly limit: number; readonly after?: number | undefined },
  ): Promise<readonly Entry[]>;
  /** An entry by its id, of this account, or of any if left out: that reads every node on which the entry could be. */
  entry(id: TransactionId, accountId?: AccountId): Promise<Entry | undefined>;
  /** The entry that was made under an idempotency key of the account. */
  entryByKey(accountId: AccountId, idempotencyKey: IdempotencyKey): Promise<Entry | undefined>;
  /** The entries that were made under idempotency keys of the account with this prefix, in any order. */
  entriesByKeyPrefix(accountId: AccountId, prefix: IdempotencyKey): Promise<readonly Entry[]>;
  /** The entries of the account that refer to a hold, charge or grant, oldest first, at most `limit`. */
  about(accountId: AccountId, referenceId: HoldId | TransactionId | GrantId, limit: number): Promise<readonly Entry[]>;
  /** The account of a hold or grant, by its id alone. What it finds and what it costs is said where it is declared. */
  accountOfReference: ReferenceReads["accountOfReference"];
  /** How many credits of a charge of the account were refunded. */
  refunded(accountId: AccountId, chargeId: TransactionId): Promise<number>;
  /** The entries of these accounts that have these ids. */
  entriesById(accountIds: readonly AccountId[], ids: readonly TransactionId[]): Promise<readonly Entry[]>;
  /** The entries of a kind of these accounts that refer to these holds or charges. */
  referring(
    accountIds: readonly AccountId[],
    referenceIds: readonly (HoldId | TransactionId)[],
    kind: EntryKind,
  ): Promise<readonly Entry[]>;
  /**
   * The grants of the account, newest first, because ids grow with time. `isOpen`: only those that have something left; used up
   * or not if left out. `before`: only smaller ids.
   */
  grants(
    accountId: AccountId,
    page: Page<GrantId> & { readonly isOpen?: boolean | undefined },
  ): Promise<readonly Grant[]>;
  /** Those grants of the account that have these ids, in any order. */
  grantsById(accountId: AccountId, ids: readonly GrantId[]): Promise<readonly Grant[]>;
};

const toEntries = (records: readonly StoredRecord<"transactions">[]) => records.map(byColumn).map(toEntry);
const toGrants = (records: readonly StoredRecord<"grants">[]) => records.map(byColumn).map(toGrant);

/** The history on any database. */
export const createHistoryStore = (records: Records, referenceReads: ReferenceReads): HistoryStore => ({
  ...createHoldReads(records),
  ...referenceReads,

  sequences: async (accountIds) => {
    const accounts = await records.list("accounts", { where: { id: { in: accountIds } } });
    return new Map(accounts.map(({ id, sequence }) => [accountId(id), sequence]));
  },

  balances: async (accountIds) => {
    const accounts = await records.list("accounts", { where: { id: { in: accountIds } } });
    return new Map(accounts.map(({ id, balance }) => [accountId(id), balance]));
  },

  entries: async (accountId, { kind, action, fromMs, toMs }, { limit, before }) =>
    toEntries(
      await records.list("transactions", {
        where: { accountId, kind, action, createdAtMs: { gte: fromMs, lt: toMs } },
        by: ["sequence"],
        direction: "desc",
        after: before === undefined ? undefined : { sequence: before },
        limit,
      }),
    ),

  entriesOldest: async (accountId, { kind, action, fromMs, toMs }, { limit, after }) =>
    toEntries(
      await records.list("transactions", {
        where: { accountId, kind, action, createdAtMs: { gte: fromMs, lt: toMs } },
        by: ["sequence"],
        after: after === undefined ? undefined : { sequence: after },
        limit,
      }),
    ),

  entry: async (id, accountId) => {
    const [entry] = await records.list("transactions", { where: { id, accountId }, limit: 1, index: "id" });
    return entry && toEntry(byColumn(entry));
  },

  entryByKey: async (accountId, idempotencyKey) => {
    const [entry] = await records.list("transactions", { where: { accountId, idempotencyKey }, limit: 1 });
    return entry && toEntry(byColumn(entry));
  },

  entriesByKeyPrefix: async (accountId, prefix) =>
    toEntries(await records.list("transactions", { where: { accountId, idempotencyKey: { prefix } } })),

  about: async (accountId, referenceId, limit) =>
    toEntries(
      await records.list("transactions", {
        where: { referenceId, accountId },
        by: ["sequence"],
        limit,
        index: "about",
      }),
    ),

  refunded: (accountId, chargeId) =>
    records.sum("transactions", "amount", {
      where: { referenceId: chargeId, accountId, kind: "refund" },
      index: "about",
    }),

  entriesById: async (accountIds, ids) =>
    toEntries(
      await records.list("transactions", { where: { accountId: { in: accountIds }, id: { in: ids } }, index: "id" }),
    ),

  referring: async (accountIds, referenceIds, kind) =>
    toEntries(
      await records.list("transactions", {
        where: { accountId: { in: accountIds }, referenceId: { in: referenceIds }, kind },
        index: "about",
      }),
    ),

  grants: async (accountId, { isOpen = false, ...page }) => {
    const where = { accountId, ...(isOpen && { remaining: { gte: 1 } }) };
    return toGrants(await records.list("grants", { where, ...newestFirst(page) }));
  },

  grantsById: async (accountId, ids) =>
    toGrants(await records.list("grants", { where: { accountId, id: { in: ids } } })),
});
