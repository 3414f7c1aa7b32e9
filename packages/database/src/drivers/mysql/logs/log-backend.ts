import { invariant } from "@jifen/core";
import { afterConnectionLoss, isDeadlock, isUniqueViolation } from "../../../errors/failure.ts";
import { retryingDeadlocks } from "../../../errors/retry.ts";
import type { NewCallLog } from "../../../logs/call-log.ts";
import { insertInSteps } from "../../../logs/insert-in-steps.ts";
import type { LogBackend, LogTransaction } from "../../../logs/log-backend.ts";
import { type LogRow, toCallLog } from "../../../logs/log-columns.ts";
import { findLog, type LogDialect, type ReadLogRows, scanLogsWith } from "../../../logs/log-reads.ts";
import type { RemovedLogs } from "../../../logs/log-removals.ts";
import { readLogSums } from "../../../logs/log-sum-reads.ts";
import { readQuarterCalls } from "../../../logs/quarter-calls.ts";
import { createSqlRemovals } from "../../../logs/sql-log-removals.ts";
import { readSumsOfUsers } from "../../../logs/sums-of-users.ts";
import { commit, inTransaction } from "../commit.ts";
import type { Pool, PooledConnection } from "../pool.ts";
import { type Bulk, pairList, runBulk } from "../statements.ts";
import { createLogMonths } from "./log-months.ts";
import { addSums, insertKeys, insertLogs, keyPairs, logsByKeys, storedKeys, storedLogs } from "./log-statements.ts";
import { unitDialect } from "./unit-dialect.ts";

/** How many rows a page looks at when no index finds what is asked for. */
const MAX_SCANNED = 10_000;

/** What the backend works with. */
type LogConnections = {
  /** Connections of their own, with autocommit off: logs do not wait for credits, nor credits for logs. */
  readonly writes: Pool;
  readonly reads: Pool;
  /** Drops a month whose logs all have ids of a time before this one. */
  readonly dropMonth: (beforeMs: number) => Promise<RemovedLogs>;
};

/** Logs on MySQL and MariaDB. */
export function createMysqlLogBackend(pools: LogConnections): LogBackend {
  const read: ReadLogRows = (sql, values) =>
    pools.reads.query<LogRow[]>(sql, [...values]).catch(afterConnectionLoss("nothing written"));
  const dialect: LogDialect = {
    read,
    // The planner takes the primary key for users with few logs, and would sort some of the lists.
    tableBy: (index) => `call_logs FORCE INDEX (${index === "key" ? "PRIMARY" : `call_logs_${index}`})`,
    contains: (column) => `INSTR(${column}, ?) > 0`,
    failed: "success = 0",
    maxScanned: MAX_SCANNED,
    findsEndFirst: true,
  };
  return {
    insert: (batch) => transact(pools.writes, (tx) => insertInSteps(tx, batch)),
    findByKeys: async (keys) => {
      const rows = await read(logsByKeys, [keyPairs(keys)]);
      return rows.map((row) => ({ ...toCallLog(row), idempotencyKey: String(row["idempotency_key"]) }));
    },
    find: (id, userId) => findLog(read, id, userId),
    scan: scanLogsWith(dialect),
    quarterCalls: (userIds, fromQuarter) => readQuarterCalls(read, userIds, fromQuarter),
    sums: (query) => readLogSums({ read, ...unitDialect }, query),
    sumsOfUsers: (query) => readSumsOfUsers({ read, hint: " FORCE INDEX (PRIMARY)" }, query),
    ...createLogMonths(pools.reads),
    ...createSqlRemovals({ read, write: writing(pools.reads), tableBy: dialect.tableBy, orMoveMark: OR_MOVE_MARK }),
    removesMonths: true,
    removeLogs: pools.dropMonth,
  };
}

const OR_MOVE_MARK = "ON DUPLICATE KEY UPDATE before_ms = GREATEST(before_ms, VALUES(before_ms))";

/** @param pool has autocommit on */
const writing =
  (pool: Pool) =>
  async (sql: string, values: readonly (string | number)[]): Promise<number> => {
    const attempt = () =>
      pool.query<{ affectedRows: number }>(sql, [...values]).catch(afterConnectionLoss("may be written"));
    return (await retryingDeadlocks(attempt)).affectedRows;
  };

/**
 * A unique violation means that another process stored a key or a log first, or an earlier attempt of this one whose COMMIT
 * was not answered: the next attempt finds it.
 */
async function transact<Result>(pool: Pool, work: (tx: LogTransaction) => Promise<Result>): Promise<Result> {
  let findsLogs = false;
  const attempt = () =>
    inTransaction(pool, async (connection) => {
      const result = await work(transactionOn(connection, findsLogs));
      await commit(connection);
      return result;
    });
  return retryingDeadlocks(attempt, (error) => {
    const isStored = isUniqueViolation(error);
    findsLogs ||= isStored;
    return isStored || isDeadlock(error);
  });
}

/** @param findsLogs whether some logs can be stored already: that is rare, so the first attempt does not look for them */
const transactionOn = (connection: PooledConnection, findsLogs: boolean): LogTransaction => ({
  claimKeys: async (keys) => {
    const stored = await connection.query<LogRow[]>(storedKeys, [keyPairs(keys)]);
    const taken = new Set(stored.map((row) => `${row["user_id"]} ${row["idempotency_key"]}`));
    const free = keys.filter(({ userId, idempotencyKey }) => !taken.has(`${userId} ${idempotencyKey}`));
    await insert(connection, insertKeys, free);
    return new Set(free.map(({ logId }) => logId));
  },
  insertLogs: async (logs) => {
    const stored = findsLogs ? await idsOfStored(connection, logs) : new Set<string>();
    const others = logs.filter(({ id }) => !stored.has(id));
    await insert(connection, insertLogs, others);
    return new Set(others.map(({ id }) => id));
  },
  addSums: async ({ ofUsers, ofAll }) => {
    await insert(connection, addSums.ofUsers, ofUsers);
    await insert(connection, addSums.ofAll, ofAll);
  },
});

async function idsOfStored(connection: PooledConnection, logs: readonly NewCallLog[]): Promise<ReadonlySet<string>> {
  const pairs = logs.map(({ userId, id }) => [userId, id] as const);
  const rows = await connection.query<LogRow[]>(storedLogs, [pairList(pairs)]);
  return new Set(rows.map((row) => String(row["id"])));
}

/** Inserts rows, or adds to them. A server that lost the transaction to another node must not get away with fewer. */
async function insert<Row>(connection: PooledConnection, bulk: Bulk<Row>, rows: readonly Row[]): Promise<void> {
  const written = await runBulk(connection, bulk, rows);
  invariant(written >= rows.length, `${rows.length} rows were sent and ${written} were written`);
}
