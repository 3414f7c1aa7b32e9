import type { AccountId, EntryKind, GrantId, HoldId, TransactionId } from "@jifen/core";
import type { Entry, Grant, Hold } from "@jifen/ledger";
import { afterConnectionLoss } from "../errors/failure.ts";
import { toEntry, toGrant, toHold } from "../ledger/rows.ts";
import type { Prisma } from "./prisma.ts";
import { byColumn } from "./prisma-records.ts";

/** Which lines of an account are asked for. Times are epoch milliseconds, `fromMs` inclusive, `toMs` exclusive. */
export type TransactionFilter = {
  readonly kind?: EntryKind | undefined;
  readonly action?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
};

/** A page of rows, newest first: at most `limit`, all of them before the row at which the page before ended. */
export type Page<Cursor> = { readonly limit: number; readonly before?: Cursor | undefined };

/**
 * What has happened to accounts, for people to look at. What is due and not yet booked is not in it.
 * Everything rejects with DatabaseUnavailable when the database cannot be reached.
 */
export type HistoryStore = {
  /** An account's lines, newest first. `before`: only those with a smaller number. */
  entries(accountId: AccountId, filter: TransactionFilter, page: Page<number>): Promise<readonly Entry[]>;
  /** A line by its id alone, whoever's it is. */
  entry(id: TransactionId): Promise<Entry | undefined>;
  /** The account's lines about one hold, charge or grant, oldest first, at most `limit`. */
  about(accountId: AccountId, referenceId: HoldId | TransactionId | GrantId, limit: number): Promise<readonly Entry[]>;
  /** How much has been given back of a charge of the account. */
  refunded(accountId: AccountId, chargeId: TransactionId): Promise<number>;
  /** A hold of the account as it is now. */
  hold(accountId: AccountId, id: HoldId): Promise<Hold | undefined>;
  /** The account's grants, used up or not, newest first: ids grow with time. `before`: only smaller ids. */
  grants(accountId: AccountId, page: Page<GrantId>): Promise<readonly Grant[]>;
  /** Those of the account's grants that have these ids, in no order. */
  grantsById(accountId: AccountId, ids: readonly GrantId[]): Promise<readonly Grant[]>;
};

/** The history through Prisma, on any SQL database. */
export function createHistoryStore(prisma: Prisma): HistoryStore {
  return {
    entries: async (accountId, { kind, action, fromMs, toMs }, { limit, before }) => {
      const rows = await prisma.entry
        .findMany({
          // Prisma takes what is undefined for what was not asked.
          where: { accountId, kind, action, sequence: { lt: before }, createdAtMs: { gte: fromMs, lt: toMs } },
          orderBy: { sequence: "desc" },
          take: limit,
        })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map(byColumn).map(toEntry);
    },

    entry: async (id) => {
      const row = await prisma.entry.findFirst({ where: { id } }).catch(afterConnectionLoss("nothing written"));
      return row ? toEntry(byColumn(row)) : undefined;
    },

    about: async (accountId, referenceId, limit) => {
      const rows = await prisma.entry
        .findMany({ where: { accountId, referenceId }, orderBy: { sequence: "asc" }, take: limit })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map(byColumn).map(toEntry);
    },

    refunded: async (accountId, chargeId) => {
      const { _sum } = await prisma.entry
        .aggregate({ where: { accountId, referenceId: chargeId, kind: "refund" }, _sum: { amount: true } })
        .catch(afterConnectionLoss("nothing written"));
      return Number(_sum.amount ?? 0);
    },

    hold: async (accountId, id) => {
      const row = await prisma.hold
        .findUnique({ where: { accountId_id: { accountId, id } } })
        .catch(afterConnectionLoss("nothing written"));
      return row ? toHold(byColumn(row)) : undefined;
    },

    grants: async (accountId, { limit, before }) => {
      const rows = await prisma.grant
        .findMany({
          where: { accountId, id: { lt: before } },
          orderBy: { id: "desc" },
          take: limit,
        })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map(byColumn).map(toGrant);
    },

    grantsById: async (accountId, ids) => {
      const rows = await prisma.grant
        .findMany({ where: { accountId, id: { in: [...ids] } } })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map(byColumn).map(toGrant);
    },
  };
}
