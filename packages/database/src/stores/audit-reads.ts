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
import type { Prisma } from "./prisma.ts";

/** What one self-check of the books found. */
export type AuditRun = {
  readonly id: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** How many accounts and transactions were looked at. */
  readonly accounts: number;
  readonly transactions: number;
  /** How often what was found was not what follows from the transactions. */
  readonly differences: number;
};

/**
 * What a self-check of the books reads. It blocks no write, however long it takes.
 * Everything rejects with DatabaseUnavailable when the database cannot be reached, `noteRun` also with OutcomeUnknown.
 */
export type AuditStore = {
  /**
   * At most `limit` ids of accounts after `after`, in the byte order of ids: of those that have a row, and of those
   * that only occur in transactions, grants or holds.
   */
  accountIds(after: AccountId | undefined, limit: number): Promise<readonly AccountId[]>;
  /** How many accounts have a row. */
  countAccounts(): Promise<number>;
  /**
   * Runs `check` on one account's books, all as of one moment. On SQLite one check runs at a time: `check` must not
   * ask for other books.
   * @throws RangeError or InvariantError when a row holds what no row may hold, and whatever `check` throws.
   */
  readBooks<Result>(accountId: AccountId, check: (books: AccountRecords) => Promise<Result>): Promise<Result>;
  /** Keeps the result of an audit. */
  noteRun(run: AuditRun): Promise<void>;
  /** The result of the audit that ended last; undefined when there was none. */
  lastRun(): Promise<AuditRun | undefined>;
};

/** Reads rows by SQL that has `?` where values belong. */
export type Read = <Row>(sql: string, values: readonly (string | number)[]) => Promise<readonly Row[]>;

/** Lends `work` a way to read whose every answer is as of one and the same moment. */
export type AsOfOneMoment = <Result>(work: (read: Read) => Promise<Result>) => Promise<Result>;

/** How many lines are in memory at a time. */
const CHUNK = 1_000;

/** The first id after `after` that occurs anywhere; each table answers from the beginning of one index. */
const nextId = (after: string) => `(SELECT min(id) FROM (
    SELECT (SELECT min(id) FROM accounts WHERE id > ${after}) AS id
    UNION ALL SELECT (SELECT min(account_id) FROM transactions WHERE account_id > ${after})
    UNION ALL SELECT (SELECT min(account_id) FROM grants WHERE account_id > ${after})
    UNION ALL SELECT (SELECT min(account_id) FROM holds WHERE account_id > ${after})) AS firsts)`;

/** From id to id, and never over all lines of an account. */
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

const linesAfter = `SELECT ${entryColumns.names} FROM transactions
  WHERE account_id = ? AND sequence > ? ORDER BY sequence LIMIT ${CHUNK}`;

/** What an audit reads, on any SQL database. */
export function createAuditStore(prisma: Prisma, asOfOneMoment: AsOfOneMoment, ids = idsAfter): AuditStore {
  return {
    accountIds: (after, limit) =>
      asOfOneMoment(async (read) => {
        const { sql, values } = ids(after ?? "", limit);
        const rows = await read<{ id: string }>(sql, values);
        return rows.map(({ id }) => accountId(id));
      }),

    countAccounts: () => prisma.account.count().catch(afterConnectionLoss("nothing written")),

    readBooks: (id, check) =>
      asOfOneMoment(async (read) => {
        const of = <Row>(columns: string, where: string) => read<Row>(`SELECT ${columns} FROM ${where} = ?`, [id]);
        const [account] = await of<AccountRow>(accountColumns.names, "accounts WHERE id");
        const grants = await of<GrantRow>(grantColumns.names, "grants WHERE account_id");
        const holds = await of<HoldRow>(holdColumns.names, "holds WHERE account_id");
        return check({
          account: account && toAccount(account),
          grants: grants.map(toGrant),
          holds: holds.map(toHold),
          entries: { [Symbol.asyncIterator]: () => linesOf(id, read) },
        });
      }),

    noteRun: async (run) => {
      await prisma.auditRun.create({ data: run }).catch(afterConnectionLoss("may be written"));
    },

    lastRun: async () => {
      const run = await prisma.auditRun
        .findFirst({ orderBy: [{ finishedAtMs: "desc" }, { id: "desc" }] })
        .catch(afterConnectionLoss("nothing written"));
      if (!run) return undefined;
      const { id, ...numbers } = run;
      return {
        id,
        startedAtMs: Number(numbers.startedAtMs),
        finishedAtMs: Number(numbers.finishedAtMs),
        accounts: Number(numbers.accounts),
        transactions: Number(numbers.transactions),
        differences: Number(numbers.differences),
      };
    },
  };
}

async function* linesOf(id: AccountId, read: Read): AsyncGenerator<readonly Entry[]> {
  for (let last = 0; ; ) {
    const entries = (await read<EntryRow>(linesAfter, [id, last])).map(toEntry);
    const end = entries.at(-1);
    if (!end) return;
    yield entries;
    if (entries.length < CHUNK) return;
    last = end.sequence;
  }
}

/** A way to read that ends when `over` says so: afterwards the connection may be somebody else's. */
export const until =
  (isOver: () => boolean, read: Read): Read =>
  async (sql, values) => {
    invariant(!isOver(), "the books are read after their check was over");
    return read(sql, values);
  };
