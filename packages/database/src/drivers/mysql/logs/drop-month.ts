import { afterConnectionLoss } from "../../../errors/failure.ts";
import type { RemovedLogs } from "../../../logs/log-removals.ts";
import { endOfMonth } from "../../../logs/months.ts";
import { withConnection } from "../connection.ts";

/** While DROP PARTITION waits for a transaction that uses the table, every other one waits behind it: a second at most. */
const LOCK_TIMEOUT_SECONDS = 1;

/** A transaction, such as that of an audit, still uses the table; or another process has dropped the month (DROP, SELECT). */
const notNow = new Set([1205, 1507, 1735]);

const nothing: RemovedLogs = { logs: 0, months: 0, isMore: false };

/**
 * Drops the first month that ends before a time, on a connection of its own: its partition has no later logs, whatever months
 * before it are missing.
 * @returns nothing removed while a transaction uses the table, or when another process has dropped the month
 * @throws DatabaseUnavailable, OutcomeUnknown
 */
export const dropMonth = (url: string, beforeMs: number): Promise<RemovedLogs> =>
  withConnection(url, async (connection) => {
    await connection.query(`SET SESSION lock_wait_timeout = ${LOCK_TIMEOUT_SECONDS}`);
    const rows = await connection.query<{ name: string }[]>(
      `SELECT PARTITION_NAME AS name FROM information_schema.PARTITIONS
       WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'call_logs' ORDER BY PARTITION_ORDINAL_POSITION`,
    );
    const expired = rows.filter(({ name }) => endOfMonth(name.slice(1)) <= beforeMs);
    const [month, next] = expired.map(({ name }) => name);
    if (month === undefined) return nothing;
    try {
      const [counted] = await connection.query<{ logs: number }[]>(
        `SELECT count(*) AS logs FROM call_logs PARTITION (${month})`,
      );
      await connection.query(`ALTER TABLE call_logs DROP PARTITION ${month}`);
      return { logs: Number(counted?.logs ?? 0), months: 1, isMore: next !== undefined };
    } catch (error) {
      if (notNow.has(Number((error as { errno?: unknown }).errno))) return nothing;
      throw error;
    }
  }).catch(afterConnectionLoss("may be written"));
