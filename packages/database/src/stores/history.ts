import type { AccountId, GrantId, HoldId, TransactionId, TransactionKind } from "@jifen/core";
import type { Grant, Hold, Transaction } from "@jifen/ledger";
import { afterConnectionLoss } from "../errors/failure.ts";
import { toGrant, toHold, toTransaction } from "../ledger/rows.ts";
import type { Prisma } from "./prisma.ts";
import { byColumn } from "./prisma-records.ts";

/** Which lines of an account are asked for. Times are epoch milliseconds, `fromMs` inclusive, `toMs` exclusive. */
export type TransactionFilter = {
  readonly kind?: TransactionKind | undefined;
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
  transactions(accountId: AccountId, filter: TransactionFilter, page: Page<number>): Promise<readonly Transaction[]>;
  /** A line by its id alone, whoever's it is. */
  transaction(id: TransactionId): Promise<Transaction | undefined>;
  /** The account's lines about one hold, charge or grant, oldest first, at most `limit`. */
  about(
    accountId: AccountId,
    subjectId: HoldId | TransactionId | GrantId,
    limit: number,
  ): Promise<readonly Transaction[]>;
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
    transactions: async (accountId, { kind, action, fromMs, toMs }, { limit, before }) => {
      const rows = await prisma.transaction
        .findMany({
          // Prisma takes what is undefined for what was not asked.
          where: { accountId, kind, action, sequence: { lt: before }, createdAtMs: { gte: fromMs, lt: toMs } },
          orderBy: { sequence: "desc" },
          take: limit,
        })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map(byColumn).map(toTransaction);
    },

    transaction: async (id) => {
      const row = await prisma.transaction.findFirst({ where: { id } }).catch(afterConnectionLoss("nothing written"));
      return row ? toTransaction(byColumn(row)) : undefined;
    },

    about: async (accountId, subjectId, limit) => {
      const rows = await prisma.transaction
        .findMany({ where: { accountId, subjectId }, orderBy: { sequence: "asc" }, take: limit })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map(byColumn).map(toTransaction);
    },

    refunded: async (accountId, chargeId) => {
      const { _sum } = await prisma.transaction
        .aggregate({ where: { accountId, subjectId: chargeId, kind: "refund" }, _sum: { amount: true } })
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
