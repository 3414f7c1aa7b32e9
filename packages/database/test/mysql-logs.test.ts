import { describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dropMonth } from "../src/drivers/mysql/logs/drop-month.ts";
import { createMysqlLogBackend } from "../src/drivers/mysql/logs/log-backend.ts";
import { readOptions } from "../src/drivers/mysql/options.ts";
import { Pool } from "../src/drivers/mysql/pool.ts";
import type { LogFilter } from "../src/index.ts";
import type { LogBackend } from "../src/logs/log-backend.ts";
import { idBound, monthOf } from "../src/logs/months.ts";
import { firstPartitions } from "./mysql-partitions.ts";
import { newLog, newUserId, storedLog, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

describeOn("mysql")("the partitions of the call log on MySQL", () => {
  const here = useDatabase("mysql");
  const pools: Pool[] = [];
  const newBackend = (): LogBackend => {
    const pool = new Pool(readOptions(here.url), 2);
    pools.push(pool);
    return createMysqlLogBackend({ writes: pool, reads: pool, dropMonth: (beforeMs) => dropMonth(here.url, beforeMs) });
  };
  afterAll(() => Promise.all(pools.map((pool) => pool.end())));
  const partitions = async () =>
    (
      await here.sql.query(
        "SELECT PARTITION_NAME AS name FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'call_logs' ORDER BY PARTITION_ORDINAL_POSITION",
      )
    ).map(({ name }) => String(name));
  const nowMs = Date.now();
  const made = firstPartitions(nowMs);

  test("an opened database has the months of calls that can arrive now, and three more", async () => {
    expect(await partitions()).toEqual(["none", ...made]);
  });

  test("ten processes that make months at the same time make each once, without a gap", async () => {
    const backends = times(10, newBackend);
    await Promise.all(backends.map((each, at) => each.makePlacesFor([monthOf(nowMs, 5 + (at % 4)).beginMs])));
    expect(await partitions()).toEqual(["none", ...made, ...times(5, (at) => `m${monthOf(nowMs, at + 4).name}`)]);
  });

  test("only a time behind the last month has no place, until another process makes its month", async () => {
    const [one, other] = [newBackend(), newBackend()];
    const behind = monthOf(nowMs, 9);
    expect(await one.hasPlaceFor(0)).toBe(true);
    expect(await one.hasPlaceFor(behind.beginMs - 1)).toBe(true);
    expect(await one.hasPlaceFor(behind.beginMs)).toBe(false);
    await other.makePlacesFor([behind.beginMs]);
    expect(await other.hasPlaceFor(behind.endMs - 1)).toBe(true);
    await expect.poll(() => one.hasPlaceFor(behind.beginMs), { timeout: timeLimit(3) }).toBe(true);
  });

  test("logs from before the first month are in its partition, and found in their order", async () => {
    const user = newUserId();
    const logs = [0, 1, 400].map((days) => newLog(user, { countedAtMs: nowMs - days * 86_400_000 }));
    await here.database.logs.write(logs);
    expect((await here.database.logs.list({ userId: user }, 10)).logs).toEqual(logs.map(storedLog));
    const [first] = await here.sql.query(
      `SELECT count(*) AS found FROM call_logs PARTITION (${made[0]}) WHERE user_id = '${user}'`,
    );
    expect(first?.["found"]).toBeGreaterThanOrEqual(1);
  });

  test("a log whose month has no partition is stored at its arrival", async () => {
    const log = newLog(newUserId(), { countedAtMs: monthOf(nowMs, 20).beginMs });
    const atArrival = { ...log, id: log.arrivalId, countedAtMs: log.createdAtMs };
    expect(await here.database.logs.write([log])).toEqual([storedLog(atArrival)]);
  });
});

/** A statement that was sent. */
type Asked = { readonly sql: string; readonly values: readonly unknown[] };

describeOn("mysql")("the lists of the call log on MySQL", () => {
  const here = useDatabase("mysql");
  const user = newUserId();
  const asked: Asked[] = [];
  let pool: Pool;
  let backend: LogBackend;
  beforeAll(async () => {
    const logs = times(2_000, (n) =>
      newLog(n % 2 === 0 ? user : newUserId(), {
        countedAtMs: Date.now() - (n % 60) * 86_400_000,
        action: `action ${n % 3}`,
        success: n % 10 !== 0,
        subjectId: n % 3 === 0 ? `txn-${n}` : null,
        reference: n % 7 === 0 ? `job-${n}` : null,
      }),
    );
    await here.database.logs.write(logs);
    pool = new Pool(readOptions(here.url), 1);
    const recording = {
      query: (sql: string, values: readonly unknown[]) => {
        asked.push({ sql, values });
        return pool.query(sql, values);
      },
    };
    backend = createMysqlLogBackend({
      ...{ writes: pool, reads: recording as unknown as Pool },
      dropMonth: (beforeMs) => dropMonth(here.url, beforeMs),
    });
  });
  afterAll(() => pool?.end());
  const planOf = async (each?: Asked) => {
    const [plan] = await pool.query<Record<string, unknown>[]>(`EXPLAIN ${each?.sql}`, [...(each?.values ?? [])]);
    return plan;
  };

  const lists: readonly { readonly index: string; readonly filter: LogFilter }[] = [
    { index: "PRIMARY", filter: { userId: user } },
    { index: "call_logs_action", filter: { userId: user, action: "action 1" } },
    { index: "call_logs_failed", filter: { userId: user, success: false } },
    { index: "call_logs_subject", filter: { subjectId: "txn-3" } },
    { index: "call_logs_reference", filter: { reference: "job-7" } },
    { index: "call_logs_time", filter: {} },
  ];
  const range = { fromId: idBound(Date.now() - 90 * 86_400_000), beforeId: idBound(Date.now() - 86_400_000) };

  describe.each(lists)("by $index", ({ index, filter }) => {
    test.each([
      { says: "a first page", more: {} },
      { says: "a page of a range", more: range },
      { says: "a search", more: { ...range, text: "nowhere" } },
    ])(`$says reads rows in the order of ${index}, without a sort`, async ({ more }) => {
      asked.length = 0;
      await backend.scan({ ...filter, ...more }, 50);
      expect(asked.length).toBeGreaterThan(0);
      for (const each of asked) {
        const plan = await planOf(each);
        expect([plan?.["key"], plan?.["Extra"]]).toEqual([index, expect.not.stringMatching(/filesort|temporary/)]);
      }
    });
  });

  test.each([
    { index: "call_logs_time", says: "by its id alone" },
    { index: "PRIMARY", says: "by its user and id" },
  ])("one log is found $says in the index $index", async ({ index }) => {
    const log = newLog(user);
    await here.database.logs.write([log]);
    asked.length = 0;
    await backend.find(log.id, index === "PRIMARY" ? user : undefined);
    expect(await planOf(asked[0])).toMatchObject({ key: index });
  });
});
