import { setTimeout as sleep } from "node:timers/promises";
import { afterConnectionLoss } from "../../../errors/failure.ts";
import type { RemovedLogs } from "../../../logs/log-removals.ts";
import { endOfMonth } from "../../../logs/months.ts";
import { isDistributed } from "../citus/distribution.ts";
import type { Client } from "../client.ts";
import { type Route, withConnection } from "../pool.ts";

/** Says which detached tables are ours to drop: an operator can detach a month to keep it. */
const MARK = "Jifen drops this month";

/** One process at a time drops months. */
const LOCK = "hashtext('jifen expired log months')";

/** How long DETACH waits for transactions that may read the month, such as a backup. The next attempt continues it. */
const DETACH_TIMEOUT_MS = 20_000;

/** Without CONCURRENTLY, writes wait behind a DETACH that waits for the lock of the table: for this long at most. */
const LOCK_TIMEOUT_MS = 100;
const LOCK_ATTEMPTS = 20;
const LOCK_PAUSE_MS = 250;

/** SQLSTATE: a lock or a transaction that outlasts the timeout. */
const timeouts = new Set(["55P03", "57014"]);

const nothing: RemovedLogs = { logs: 0, months: 0, isMore: false };

/** A partition of `call_logs`, or a table that was one. */
type LogMonth = { readonly name: string; readonly state: "attached" | "detaching" | "detached" };

/**
 * Drops the first month that ends before a time, on a connection of its own. It can be killed anywhere: another attempt
 * continues with a month that is half detached, or detached and not dropped.
 * @returns nothing removed while another process drops months, or an old transaction can still read the month
 * @throws DatabaseUnavailable, OutcomeUnknown
 */
export const dropMonth = (url: string, beforeMs: number): Promise<RemovedLogs> =>
  withConnection(url, async (client, route) => {
    const isExpired = ({ name }: LogMonth) => endOfMonth(name.slice("call_logs_".length)) <= beforeMs;
    const [month, next] = (await readMonths(client)).filter(isExpired);
    if (!month) return nothing;
    const detach = (await isConcurrent(client, route)) ? detachConcurrently : detachPlainly;
    const isDetached = month.state === "detached" || (await detach(client, month));
    const logs = isDetached ? await drop(client, month) : undefined;
    return logs === undefined ? nothing : { logs, months: 1, isMore: next !== undefined };
  }).catch(afterConnectionLoss("may be written"));

/** The months that are attached, half detached, or detached by Jifen. PostgreSQL before 14 has no `inhdetachpending`. */
async function readMonths(client: Client): Promise<readonly LogMonth[]> {
  const { rows } = await client.query<LogMonth>(
    `SELECT c.relname AS name, CASE WHEN i.inhrelid IS NULL THEN 'detached'
         WHEN to_jsonb(i) ->> 'inhdetachpending' = 'true' THEN 'detaching' ELSE 'attached' END AS state
     FROM pg_class AS c LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid
     WHERE c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'call_logs'::regclass)
       AND c.relname ~ '^call_logs_\\d{4}_\\d{2}$'
       AND (i.inhparent = 'call_logs'::regclass OR (i.inhrelid IS NULL AND obj_description(c.oid, 'pg_class') = '${MARK}'))
     ORDER BY 1`,
  );
  return rows;
}

/** CONCURRENTLY needs a session of its own and PostgreSQL 14. Citus does not have it. */
async function isConcurrent(client: Client, { isPooled, schema }: Route): Promise<boolean> {
  if (isPooled || (await isDistributed(client, schema))) return false;
  const { rows } = await client.query<{ is_new: boolean }>(
    "SELECT current_setting('server_version_num')::integer >= 140000 AS is_new",
  );
  return rows[0]?.is_new === true;
}

/** Whether an attempt succeeded; false when it had to wait for too long. */
async function inTime(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    if (!timeouts.has(String((error as { code?: unknown }).code))) throw error;
    return false;
  }
}

/** Whether a month is still attached: another process can have dropped it since the months were read. */
async function isPartition(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass('${name}') AND inhparent = 'call_logs'::regclass`,
  );
  return rows.length > 0;
}

/** Detaches a month while logs are read and written. @returns whether it is detached */
async function detachConcurrently(client: Client, { name, state }: LogMonth): Promise<boolean> {
  const { rows } = await client.query<{ has_lock: boolean }>(`SELECT pg_try_advisory_lock(${LOCK}) AS has_lock`);
  if (rows[0]?.has_lock !== true || !(await isPartition(client, name))) return false;
  await client.query(`SET statement_timeout = ${DETACH_TIMEOUT_MS}`);
  const how = state === "detaching" ? "FINALIZE" : "CONCURRENTLY";
  return inTime(async () => {
    await client.query(`COMMENT ON TABLE ${name} IS '${MARK}'`);
    await client.query(`ALTER TABLE call_logs DETACH PARTITION ${name} ${how}`);
  });
}

/** Detaches a month in a transaction, which locks the whole table for an instant. @returns whether it is detached */
async function detachPlainly(client: Client, { name }: LogMonth): Promise<boolean> {
  for (let attempts = 1; ; attempts += 1) {
    const attempt = () =>
      inLockedTransaction(client, async () => {
        if (!(await isPartition(client, name))) return false;
        await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
        await client.query(`COMMENT ON TABLE ${name} IS '${MARK}'`);
        await client.query(`ALTER TABLE call_logs DETACH PARTITION ${name}`);
        return true;
      });
    let isDetached: boolean | undefined;
    const isInTime = await inTime(async () => {
      isDetached = await attempt();
    });
    if (isInTime || attempts === LOCK_ATTEMPTS) return isDetached === true;
    await sleep(LOCK_PAUSE_MS);
  }
}

/** Drops a table that is no partition any more. @returns how many logs it had; undefined when another process dropped it */
const drop = (client: Client, { name }: LogMonth): Promise<number | undefined> =>
  inLockedTransaction(client, async () => {
    const { rows: found } = await client.query(`SELECT 1 WHERE to_regclass('${name}') IS NOT NULL`);
    if (found.length === 0) return undefined;
    const { rows } = await client.query<{ logs: string }>(`SELECT count(*) AS logs FROM ${name}`);
    await client.query(`DROP TABLE ${name}`);
    return Number(rows[0]?.logs);
  });

/** Runs `work` in a transaction that no other process drops months beside. @returns undefined when another one does */
async function inLockedTransaction<Result>(client: Client, work: () => Promise<Result>): Promise<Result | undefined> {
  await client.query("BEGIN");
  try {
    const { rows } = await client.query<{ has_lock: boolean }>(`SELECT pg_try_advisory_xact_lock(${LOCK}) AS has_lock`);
    const result = rows[0]?.has_lock === true ? await work() : undefined;
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
