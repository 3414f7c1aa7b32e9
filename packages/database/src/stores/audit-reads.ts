import { type AccountId, accountId, invariant } from "@jifen/core";
import type { AccountRecords, Entry } from "@jifen/ledger";
import { afterConnectionLoss } from "../errors/failure.ts";
import { accountColumns, entryColumns, grantColumns, holdColumns } from "../ledger/columns.ts";
import {
  type AccountRow,
  type EntryRow,
  type GrantRow,
  type HoldRow,
  toAccount,
  toEntry,
  toGrant,
  toHold,
} from "../ledger/rows.ts";
import type { AuditRunStore } from "./audit-runs.ts";
import type { Prisma } from "./prisma.ts";

/**
 * What an audit of the ledger reads. It blocks no write, however long it takes.
 * Every operation rejects with DatabaseUnavailable when the database cannot be reached.
 */
export type AuditReads = {
  /**
   * At most `limit` ids of accounts after `after`, in the byte order of ids: of accounts that have a row, and of accounts
   * that only occur in transactions, grants or holds.
   */
  accountIds(after: AccountId | undefined, limit: number): Promise<readonly AccountId[]>;
  /** How many accounts have a row. */
  countAccounts(): Promise<number>;
  /**
   * Runs `check` on the rows of one account, all read from one snapshot. On SQLite one check runs at a time, so `check`
   * must not read another account.
   * @throws RangeError or InvariantError when a row holds an invalid value, and what `check` throws
   */
  readAccount<Result>(accountId: AccountId, check: (books: AccountRecords) => Promise<Result>): Promise<Result>;
};

/** What an audit reads, and its results. */
export type AuditStore = AuditReads & AuditRunStore;

/** Reads rows by SQL that has `?` where values belong. */
export type SnapshotRead = <Row>(sql: string, values: readonly (string | number)[]) => Promise<readonly Row[]>;

/** Gives `work` a function that reads, every time from the same snapshot. */
export type WithSnapshot = <Result>(work: (read: SnapshotRead) => Promise<Result>) => Promise<Result>;

/** How many entries are in memory at a time. */
const CHUNK = 1_000;

/** The first id after `after` in any table; each subquery reads one entry of an index. */
const nextId = (after: string) => `(SELECT min(id) FROM (
    SELECT (SELECT min(id) FROM accounts WHERE id > ${after}) AS id
    UNION ALL SELECT (SELECT min(account_id) FROM transactions WHERE account_id > ${after})
    UNION ALL SELECT (SELECT min(account_id) FROM grants WHERE account_id > ${after})
    UNION ALL SELECT (SELECT min(account_id) FROM holds WHERE account_id > ${after})) AS firsts)`;

/** Steps from id to id, and never reads all entries of an account. */
const recursively = `WITH RECURSIVE ids (id, place) AS (
    SELECT ${nextId("?")}, 1
    UNION ALL SELECT ${nextId("ids.id")}, place + 1 FROM ids WHERE id IS NOT NULL AND place < ?)
  SELECT id FROM ids WHERE id IS NOT NULL ORDER BY place`;

/** The ids of accounts after one, in order, as SQL and its values. */
type IdsAfter = (
  from: string,
  limit: number,
) => { readonly sql: string; readonly values: readonly (string | number)[] };

const idsAfter: IdsAfter = (from, limit) => ({ sql: recursively, values: [from, from, from, from, limit] });

const entriesAfter = `SELECT ${entryColumns.names} FROM transactions
  WHERE account_id = ? AND sequence > ? ORDER BY sequence LIMIT ${CHUNK}`;

/** What an audit reads, on any SQL database. */
export function createAuditReads(prisma: Prisma, withSnapshot: WithSnapshot, ids = idsAfter): AuditReads {
  return {
    accountIds: (after, limit) =>
      withSnapshot(async (read) => {
        const { sql, values } = ids(after ?? "", limit);
        const rows = await read<{ id: string }>(sql, values);
        return rows.map(({ id }) => accountId(id));
      }),

    // Prisma counts the rows of a subquery, and a cluster would send all of them to one node.
    countAccounts: async () => {
      const [row] = await prisma.$queryRaw<[{ n: bigint | number }]>`SELECT count(*) AS n FROM accounts`.catch(
        afterConnectionLoss("nothing written"),
      );
      return Number(row.n);
    },

    readAccount: (id, check) =>
      withSnapshot(async (read) => {
        const of = <Row>(columns: string, where: string) => read<Row>(`SELECT ${columns} FROM ${where} = ?`, [id]);
        const [account] = await of<AccountRow>(accountColumns.names, "accounts WHERE id");
        const grants = await of<GrantRow>(grantColumns.names, "grants WHERE account_id");
        const holds = await of<HoldRow>(holdColumns.names, "holds WHERE account_id");
        return check({
          account: account && toAccount(account),
          grants: grants.map(toGrant),
          holds: holds.map(toHold),
          entries: { [Symbol.asyncIterator]: () => entriesOf(id, read) },
        });
      }),
  };
}

async function* entriesOf(id: AccountId, read: SnapshotRead): AsyncGenerator<readonly Entry[]> {
  for (let last = 0; ; ) {
    const entries = (await read<EntryRow>(entriesAfter, [id, last])).map(toEntry);
    const end = entries.at(-1);
    if (!end) return;
    yield entries;
    if (entries.length < CHUNK) return;
    last = end.sequence;
  }
}

/** Reads until `isOver`: after that the connection can be in use by another caller. */
export const readUntilClosed =
  (isOver: () => boolean, read: SnapshotRead): SnapshotRead =>
  async (sql, values) => {
    invariant(!isOver(), "the rows of an account were read after the check ended");
    return read(sql, values);
  };
