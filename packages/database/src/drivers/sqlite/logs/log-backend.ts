import { afterConnectionLoss } from "../../../errors/failure.ts";
import { insertInSteps } from "../../../logs/insert-in-steps.ts";
import type { LogBackend, LogTransaction } from "../../../logs/log-backend.ts";
import { toCallLog } from "../../../logs/log-columns.ts";
import { findLog, type LogDialect, type ReadLogRows, scanLogsWith } from "../../../logs/log-reads.ts";
import { readLogSums } from "../../../logs/log-sum-reads.ts";
import { readQuarterCalls } from "../../../logs/quarter-calls.ts";
import { createSqlRemovals } from "../../../logs/sql-log-removals.ts";
import { readSumsOfUsers } from "../../../logs/sums-of-users.ts";
import type { Connection } from "../pool.ts";
import { inAsyncTransaction } from "../transaction.ts";
import { addSum, claimKey, createStatements, insertLog, logByKey } from "./log-statements.ts";
import { unitDialect } from "./unit-dialect.ts";

/** How many rows a page looks at when no index finds what is asked for: other calls wait meanwhile. */
const MAX_SCANNED = 2_000;

/** How many logs one step removes: other calls wait meanwhile. */
const STEP = 200;

const OR_MOVE_MARK = "ON CONFLICT (name) DO UPDATE SET before_ms = max(before_ms, excluded.before_ms)";

const addUserSum = addSum<string>("user_id");
const addTotal = addSum<number>("part");

/** Logs on SQLite. Each call is synchronous inside, and the caller runs one at a time. */
export function createSqliteLogBackend(connection: Connection): LogBackend {
  const prepare = createStatements(connection);
  const read: ReadLogRows = async (sql, values) => {
    try {
      return prepare(sql).all(...values);
    } catch (error) {
      return afterConnectionLoss("nothing written")(error);
    }
  };
  const write = async (sql: string, values: readonly (string | number)[]): Promise<number> => {
    try {
      return prepare(sql).run(...values).changes;
    } catch (error) {
      return afterConnectionLoss("may be written")(error);
    }
  };
  const dialect: LogDialect = {
    read,
    // Without statistics, SQLite takes a range of ids for more selective than an action.
    tableBy: (index) => (index === "key" ? "call_logs" : `call_logs INDEXED BY call_logs_${index}`),
    contains: (column) => `instr(${column}, ?) > 0`,
    failed: "NOT success",
    maxScanned: MAX_SCANNED,
  };
  const transaction = transactionWith(prepare);
  return {
    insert: (batch) => inAsyncTransaction(connection, () => insertInSteps(transaction, batch)),
    findByKeys: async (keys) => {
      const found = keys.map(async ({ userId, idempotencyKey }) => {
        const rows = await read(logByKey, [userId, userId, idempotencyKey]);
        return rows.map((row) => ({ ...toCallLog(row), idempotencyKey }));
      });
      return (await Promise.all(found)).flat();
    },
    find: (id, userId) => findLog(read, id, userId),
    scan: scanLogsWith(dialect),
    quarterCalls: (userIds, fromQuarter) => readQuarterCalls(read, userIds, fromQuarter),
    // An import brings the parts of another database.
    sums: (query) => readLogSums({ read, ...unitDialect }, query),
    sumsOfUsers: (query) => readSumsOfUsers({ read }, query),
    hasPlaceFor: async () => true,
    makePlacesFor: async () => undefined,
    ...createSqlRemovals({ read, write, tableBy: dialect.tableBy, orMoveMark: OR_MOVE_MARK }),
    removesMonths: false,
    removeLogs: async (beforeMs) => {
      const logs = await write(removeOldest, [beforeMs]);
      return { logs, months: 0, isMore: logs === STEP };
    },
  };
}

const removeOldest = `DELETE FROM call_logs WHERE rowid IN (
  SELECT rowid FROM call_logs INDEXED BY call_logs_time WHERE counted_at_ms < ? ORDER BY counted_at_ms, id LIMIT ${STEP})`;

function transactionWith(prepare: ReturnType<typeof createStatements>): LogTransaction {
  const isNew = (sql: string, values: readonly (string | number | bigint | null)[]) =>
    prepare(sql).run(...values).changes === 1;
  return {
    claimKeys: async (keys) => {
      const claimed = keys.filter((key) => isNew(claimKey.sql, claimKey.valuesOf(key)));
      return new Set(claimed.map(({ logId }) => logId));
    },
    insertLogs: async (logs) => {
      const inserted = logs.filter((log) => isNew(insertLog.sql, insertLog.valuesOf(log)));
      return new Set(inserted.map(({ id }) => id));
    },
    addSums: async ({ ofUsers, ofAll }) => {
      for (const sum of ofUsers) prepare(addUserSum.sql).run(...addUserSum.valuesOf(sum));
      for (const sum of ofAll) prepare(addTotal.sql).run(...addTotal.valuesOf(sum));
    },
  };
}
