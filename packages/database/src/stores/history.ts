import type { AccountId, EntryKind, GrantId, HoldId, TransactionId } from "@jifen/core";
import type { Entry, Grant, Hold } from "@jifen/ledger";
import { toEntry, toGrant, toHold } from "../ledger/rows.ts";
import type { Records, StoredRecord } from "../records/records.ts";
import { byColumn } from "./ledger-records.ts";

/** Which entries of an account to list. Times are epoch milliseconds, `fromMs` inclusive, `toMs` exclusive. */
export type TransactionFilter = {
  readonly kind?: EntryKind | undefined;
  readonly action?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
};

/** A page of rows, newest first: at most `limit`. `before`: the cursor, where the page before ended. */
export type Page<Cursor> = { readonly limit: number; readonly before?: Cursor | undefined };

/**
 * Reads what happened to accounts. Expirations that are not processed yet are not in it.
 * Every operation rejects with DatabaseUnavailable when the database cannot be reached.
 */
export type HistoryStore = {
  /** The entries of an account, newest first. `before`: only smaller sequence numbers. */
  entries(accountId: AccountId, filter: TransactionFilter, page: Page<number>): Promise<readonly Entry[]>;
  /** An entry by its id, of this account, or of any if left out: that reads every node on which the entry could be. */
  entry(id: TransactionId, accountId?: AccountId): Promise<Entry | undefined>;
  /** The entries of the account that refer to a hold, charge or grant, oldest first, at most `limit`. */
  about(accountId: AccountId, referenceId: HoldId | TransactionId | GrantId, limit: number): Promise<readonly Entry[]>;
  /** How many credits of a charge of the account were refunded. */
  refunded(accountId: AccountId, chargeId: TransactionId): Promise<number>;
  /** The present state of a hold of the account. */
  hold(accountId: AccountId, id: HoldId): Promise<Hold | undefined>;
  /** The entries of these accounts that have these ids. */
  entriesById(accountIds: readonly AccountId[], ids: readonly TransactionId[]): Promise<readonly Entry[]>;
  /** The entries of a kind of these accounts that refer to these holds or charges. */
  referring(
    accountIds: readonly AccountId[],
    referenceIds: readonly (HoldId | TransactionId)[],
    kind: EntryKind,
  ): Promise<readonly Entry[]>;
  /** The holds of these accounts that have these ids. */
  holdsById(accountIds: readonly AccountId[], ids: readonly HoldId[]): Promise<readonly Hold[]>;
  /** The grants of the account, used up or not, newest first, because ids grow with time. `before`: only smaller ids. */
  grants(accountId: AccountId, page: Page<GrantId>): Promise<readonly Grant[]>;
  /** Those grants of the account that have these ids, in any order. */
  grantsById(accountId: AccountId, ids: readonly GrantId[]): Promise<readonly Grant[]>;
};

const toEntries = (records: readonly StoredRecord<"transactions">[]) => records.map(byColumn).map(toEntry);
const toGrants = (records: readonly StoredRecord<"grants">[]) => records.map(byColumn).map(toGrant);

/** The history on any database. */
export const createHistoryStore = (records: Records): HistoryStore => ({
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

  entry: async (id, accountId) => {
    const [entry] = await records.list("transactions", { where: { id, accountId }, limit: 1, index: "id" });
    return entry && toEntry(byColumn(entry));
  },

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

  hold: async (accountId, id) => {
    const hold = await records.get("holds", { accountId, id });
    return hold && toHold(byColumn(hold));
  },

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

  holdsById: async (accountIds, ids) => {
    const holds = await records.list("holds", { where: { accountId: { in: accountIds }, id: { in: ids } } });
    return holds.map(byColumn).map(toHold);
  },

  grants: async (accountId, { limit, before }) =>
    toGrants(
      await records.list("grants", {
        where: { accountId },
        by: ["id"],
        direction: "desc",
        after: before === undefined ? undefined : { id: before },
        limit,
      }),
    ),

  grantsById: async (accountId, ids) =>
    toGrants(await records.list("grants", { where: { accountId, id: { in: ids } } })),
});
