import { createHash } from "node:crypto";
import { afterConnectionLoss } from "../../../errors/failure.ts";
import type { LogBackend } from "../../../logs/log-backend.ts";
import { toCallLog } from "../../../logs/log-columns.ts";
import { findLog, type LogDialect, type ReadLogRows, scanLogsWith } from "../../../logs/log-reads.ts";
import type { RemovedLogs } from "../../../logs/log-removals.ts";
import { readLogSums } from "../../../logs/log-sum-reads.ts";
import { readQuarterCalls } from "../../../logs/quarter-calls.ts";
import { createSqlRemovals } from "../../../logs/sql-log-removals.ts";
import { readSumsOfUsers } from "../../../logs/sums-of-users.ts";
import type { Pool } from "../pool.ts";
import { numbered } from "../snapshot.ts";
import { insertingInSteps, insertingTogether, isWithoutPartition } from "./insert-logs.ts";
import { createLogMonths, type LogMonths } from "./log-months.ts";
import { keysWithLogs } from "./log-statements.ts";
import { unitDialect } from "./unit-dialect.ts";

/** How many rows a page looks at when no index finds what is asked for. */
const MAX_SCANNED = 10_000;

/** What the backend works with. */
type LogConnections = {
  /** Connections of their own: logs do not wait for credits, nor credits for logs. */
  readonly writes: Pool;
  readonly reads: Pool;
  /** Drops a month whose logs all have ids of a time before this one. */
  readonly dropMonth: (beforeMs: number) => Promise<RemovedLogs>;
};

/** Logs on PostgreSQL. @param options.isDistributed whether Citus distributes the tables */
export function createPostgresqlLogBackend(
  pools: LogConnections,
  { isDistributed }: { readonly isDistributed: boolean },
): LogBackend {
  const insert = (isDistributed ? insertingInSteps : insertingTogether)(pools.writes);
  const read = reading(pools.reads);
  const months = createLogMonths(pools.reads);
  const dialect: LogDialect = {
    read,
    contains: (column) => `position(? in ${column}) > 0`,
    failed: "NOT success",
    maxScanned: MAX_SCANNED,
  };
  return {
    insert: (batch) => insert(batch).catch(readingMonthsAgain(months)),
    findByKeys: async (keys) => {
      const { name, text, values } = keysWithLogs(keys, { isDistributed });
      const { rows } = await pools.reads
        .query({ name, text, values: [...values] })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map((row) => ({ ...toCallLog(row), idempotencyKey: String(row["idempotency_key"]) }));
    },
    find: (id, userId) => findLog(read, id, userId),
    scan: scanLogsWith(dialect),
    quarterCalls: (userIds, fromQuarter) => readQuarterCalls(read, userIds, fromQuarter),
    sums: (query) => readLogSums({ read, ...unitDialect }, query),
    sumsOfUsers: (query) => readSumsOfUsers({ read }, query),
    hasPlaceFor: months.has,
    makePlacesFor: months.make,
    ...createSqlRemovals({ read, write: writing(pools.writes), orMoveMark: OR_MOVE_MARK }),
    removesMonths: true,
    removeLogs: pools.dropMonth,
  };
}

const OR_MOVE_MARK = `ON CONFLICT (name) DO UPDATE SET before_ms = excluded.before_ms
  WHERE log_marks.before_ms < excluded.before_ms`;

const writing =
  (pool: Pool) =>
  async (sql: string, values: readonly (string | number)[]): Promise<number> => {
    const result = await pool.query(numbered(sql), [...values]).catch(afterConnectionLoss("may be written"));
    return result.rowCount ?? 0;
  };

/** Another process has dropped the month of a log. */
const readingMonthsAgain =
  (months: Pick<LogMonths, "forget">) =>
  (error: unknown): never => {
    if (isWithoutPartition((error as { cause?: unknown }).cause)) months.forget();
    throw error;
  };

/** Reads with statements that each connection prepares once. */
function reading(pool: Pool): ReadLogRows {
  const names = new Map<string, { readonly name: string; readonly text: string }>();
  return async (sql, values) => {
    const known = names.get(sql);
    const hash = () => createHash("sha256").update(sql).digest("hex").slice(0, 16);
    const statement = known ?? { name: `logs-${hash()}`, text: numbered(sql) };
    if (!known) names.set(sql, statement);
    const result = await pool
      .query({ ...statement, values: [...values] })
      .catch(afterConnectionLoss("nothing written"));
    return result.rows;
  };
}
