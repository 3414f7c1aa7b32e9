import { describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { monthOf } from "../src/logs/months.ts";
import { firstPartitions } from "./mysql-partitions.ts";
import { openRawSql, type RawSql } from "./raw-sql.ts";
import { logIdAt, newLog, newUserId, times } from "./samples.ts";
import { type InUse, useDatabase } from "./use-database.ts";

const nowMs = Date.now();
const monthsAgo = (ago: number) => monthOf(nowMs, -ago);

/** Writes logs of a month. */
async function writeLogs({ database }: InUse, ago: number, count: number): Promise<void> {
  const { beginMs } = monthsAgo(ago);
  const user = newUserId();
  const at = (n: number) => ({ countedAtMs: beginMs + n, id: logIdAt(beginMs + n) });
  await database.logs.write(times(count, (n) => newLog(user, at(n))));
}

/** How long it takes to write a log of now. */
async function writeMs({ database }: InUse): Promise<number> {
  const startedAt = performance.now();
  await database.logs.write([newLog()]);
  return performance.now() - startedAt;
}

/** Another connection, with a transaction that has read the table. */
function useReader(here: InUse): RawSql {
  const reader = {} as { current: RawSql };
  beforeAll(async () => {
    reader.current = await openRawSql(here.url);
  });
  afterAll(() => reader.current?.close());
  return { query: (sql) => reader.current.query(sql), close: async () => undefined };
}

describeOn("postgresql")("dropping a month of the call log on PostgreSQL", () => {
  const here = useDatabase("postgresql");
  const reader = useReader(here);
  const tables = async () =>
    (
      await here.sql.query(
        `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname LIKE 'call\\_logs\\_%' ORDER BY 1`,
      )
    ).map(({ name }) => String(name));
  const nameOf = (ago: number) => `call_logs_${monthsAgo(ago).name}`;
  const pending = async () => (await here.sql.query("SELECT 1 AS is FROM pg_inherits WHERE inhdetachpending")).length;
  const dropBefore = (ago: number) => here.database.logs.removeLogs(monthsAgo(ago).endMs);
  beforeAll(async () => {
    await here.database.logs.makePlaces(
      nowMs,
      times(9, (at) => monthsAgo(at + 2).beginMs),
    );
  });

  test("a process that was killed between DETACH and DROP is followed by one that drops the table", async () => {
    await writeLogs(here, 10, 7);
    await here.sql.query(`COMMENT ON TABLE ${nameOf(10)} IS 'Jifen drops this month'`);
    await here.sql.query(`ALTER TABLE call_logs DETACH PARTITION ${nameOf(10)}`);
    expect(await tables()).toContain(nameOf(10));
    expect(await dropBefore(10)).toEqual({ logs: 7, months: 1, isMore: false });
    expect(await tables()).not.toContain(nameOf(10));
  });

  test("a month that an operator has detached stays", async () => {
    await here.sql.query(`ALTER TABLE call_logs DETACH PARTITION ${nameOf(9)}`);
    expect(await dropBefore(9)).toEqual({ logs: 0, months: 0, isMore: false });
    expect(await tables()).toContain(nameOf(9));
  });

  test("while DETACH waits for an old transaction, logs are written, and no lock stops them; killed there, another process finishes", async () => {
    await writeLogs(here, 8, 5);
    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await reader.query(`SELECT count(*) FROM call_logs`);
    const dropping = dropBefore(8).then(
      () => "dropped",
      () => "killed",
    );
    await vi.waitFor(async () => expect(await pending()).toBe(1), 10_000);
    for (const ms of [await writeMs(here), await writeMs(here)]) expect(ms).toBeLessThan(2_000);
    const exclusive = await here.sql.query(
      "SELECT mode FROM pg_locks WHERE relation = 'call_logs'::regclass AND mode = 'AccessExclusiveLock'",
    );
    expect(exclusive).toEqual([]);
    const killed = await here.sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%DETACH PARTITION ${nameOf(8)}%'
         AND pid <> pg_backend_pid()`,
    );
    expect(killed).toHaveLength(1);
    expect(await dropping).toBe("killed");
    expect(await pending()).toBe(1);
    // The half detached month takes no logs, and its logs are found no more.
    const log = newLog(newUserId(), { countedAtMs: monthsAgo(8).beginMs, id: logIdAt(monthsAgo(8).beginMs) });
    const [stored] = await here.database.logs.write([log]).catch(() => here.database.logs.write([log]));
    expect(stored?.id).toBe(log.arrivalId);
    await reader.query("COMMIT");
    expect(await dropBefore(8)).toEqual({ logs: 5, months: 1, isMore: false });
    expect([await pending(), (await tables()).includes(nameOf(8))]).toEqual([0, false]);
  });

  test("a server that has not heard of a dropped month writes its logs at their arrival", async () => {
    await writeLogs(here, 7, 1);
    await here.sql.query(`ALTER TABLE call_logs DETACH PARTITION ${nameOf(7)}`);
    await here.sql.query(`DROP TABLE ${nameOf(7)}`);
    const log = newLog(newUserId(), { countedAtMs: monthsAgo(7).beginMs, id: logIdAt(monthsAgo(7).beginMs) });
    await expect(here.database.logs.write([log])).rejects.toThrow("nothing was committed");
    await expect
      .poll(async () => (await here.database.logs.write([log]))[0]?.id, { timeout: timeLimit(5) })
      .toBe(log.arrivalId);
  });

  test("several months are dropped one by one, oldest first", async () => {
    await writeLogs(here, 6, 2);
    await writeLogs(here, 4, 3);
    expect(await dropBefore(4)).toEqual({ logs: 2, months: 1, isMore: true });
    expect(await dropBefore(4)).toEqual({ logs: 0, months: 1, isMore: true });
    expect(await dropBefore(4)).toEqual({ logs: 3, months: 1, isMore: false });
    expect(await dropBefore(4)).toEqual({ logs: 0, months: 0, isMore: false });
    expect(await tables()).toContain(nameOf(3));
  });
});

describeOn("mysql")("dropping a month of the call log on MySQL", () => {
  const here = useDatabase("mysql");
  const reader = useReader(here);
  const nameOf = (ago: number) => `m${monthsAgo(ago).name}`;
  beforeAll(async () => {
    await here.sql.query(`ALTER TABLE call_logs DROP PARTITION ${firstPartitions(nowMs).join(", ")}`);
    await here.database.logs.makePlaces(nowMs, [monthsAgo(6).beginMs]);
  });
  const dropBefore = (ago: number) => here.database.logs.removeLogs(monthsAgo(ago).endMs);

  test("logs of a missing month are dropped with the next one, and not before it has ended", async () => {
    await here.sql.query(`ALTER TABLE call_logs DROP PARTITION ${nameOf(5)}`);
    await writeLogs(here, 6, 2);
    await writeLogs(here, 5, 3);
    await writeLogs(here, 4, 4);
    expect(await dropBefore(5)).toEqual({ logs: 2, months: 1, isMore: false });
    expect(await dropBefore(4)).toEqual({ logs: 7, months: 1, isMore: false });
    expect(await dropBefore(4)).toEqual({ logs: 0, months: 0, isMore: false });
  });

  test("while a transaction uses the table, nothing is dropped and writes wait for a second at most", async () => {
    await writeLogs(here, 3, 2);
    await reader.query("SET SESSION idle_transaction_timeout = 60");
    await reader.query("START TRANSACTION");
    await reader.query("SELECT count(*) FROM call_logs");
    const dropping = dropBefore(3);
    for (let n = 0; n < 3; n += 1) expect(await writeMs(here)).toBeLessThan(2_500);
    expect(await dropping).toEqual({ logs: 0, months: 0, isMore: false });
    await reader.query("COMMIT");
    expect(await dropBefore(3)).toEqual({ logs: 2, months: 1, isMore: false });
  });
});
