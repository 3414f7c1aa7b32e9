import { afterConnectionLoss } from "../../../errors/failure.ts";
import type { LogBackend, LogTransaction } from "../../../logs/log-backend.ts";
import { toCallLog } from "../../../logs/log-columns.ts";
import { findLog, type LogDialect, type ReadLogRows, scanLogs } from "../../../logs/log-reads.ts";
import { readLogSums } from "../../../logs/log-sum-reads.ts";
import type { Connection } from "../pool.ts";
import { inAsyncTransaction } from "../transaction.ts";
import { addSum, claimKey, createStatements, insertLog, logByKey } from "./log-statements.ts";
import { unitDialect } from "./unit-dialect.ts";

/** How many rows a page looks at when no index finds what is asked for: other calls wait meanwhile. */
const MAX_SCANNED = 2_000;

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
    transaction: (work) => inAsyncTransaction(connection, () => work(transaction)),
    findByKeys: async (keys) => {
      const found = keys.map(async ({ userId, idempotencyKey }) => {
        const rows = await read(logByKey, [userId, userId, idempotencyKey]);
        return rows.map((row) => ({ ...toCallLog(row), idempotencyKey }));
      });
      return (await Promise.all(found)).flat();
    },
    find: (id, userId) => findLog(read, id, userId),
    scan: (filter, limit) => scanLogs(dialect, filter, limit),
    // An import brings the parts of another database.
    sums: (query) => readLogSums({ read, ...unitDialect }, query),
    hasPlaceFor: async () => true,
    makePlacesFor: async () => undefined,
  };
}

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
