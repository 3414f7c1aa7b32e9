import type { UserId } from "@jifen/core";
import { describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dropMonth } from "../src/drivers/postgresql/logs/drop-month.ts";
import { createPostgresqlLogBackend } from "../src/drivers/postgresql/logs/log-backend.ts";
import { createPool, findRoute, type Pool } from "../src/drivers/postgresql/pool.ts";
import type { NewCallLog } from "../src/index.ts";
import { durationBoundsMs, durationColumns } from "../src/logs/duration-classes.ts";
import type { LogBackend } from "../src/logs/log-backend.ts";
import { type LogSum, sumsOf } from "../src/logs/log-sums.ts";
import { newLog, newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";
import { variedLogs } from "./varied-logs.ts";

const sorted = (logs: readonly NewCallLog[]) =>
  logs.toSorted((one, other) =>
    `${one.userId} ${one.idempotencyKey}` < `${other.userId} ${other.idempotencyKey}` ? -1 : 1,
  );

/** One statement on one server, and a statement for each table where Citus distributes them. */
const ways = [
  { isDistributed: false, says: "one statement", part: 40 },
  { isDistributed: true, says: "a statement for each table", part: 50 },
];

describeOn("postgresql")("a batch of logs on PostgreSQL", () => {
  const here = useDatabase("postgresql");
  let pool: Pool;
  beforeAll(async () => {
    pool = createPool(await findRoute(here.url), { max: 4, use: "logs" });
  });
  afterAll(() => pool?.end());

  describe.each(ways)("written by $says", ({ isDistributed, part }) => {
    let backend: LogBackend;
    beforeAll(() => {
      backend = createPostgresqlLogBackend(
        { writes: pool, reads: pool, dropMonth: (beforeMs) => dropMonth(here.url, beforeMs) },
        { isDistributed },
      );
    });
    const insert = (logs: readonly NewCallLog[], ofPart = part) => backend.insert({ logs: sorted(logs), part: ofPart });
    const counted = ["quarter", "calls", "failures", "timed", "duration_sum_ms", ...durationColumns];
    const stored = async (user: UserId) => {
      const rows = await here.sql.query(`SELECT * FROM log_rollups WHERE user_id = '${user}' ORDER BY quarter, action`);
      return rows.map((row) => [user, row["action"], ...counted.map((name) => Number(row[name]))]);
    };
    const expected = (logs: readonly NewCallLog[]) =>
      sumsOf(logs, part).ofUsers.map((sum: LogSum<string>) => [
        ...[sum.owner, sum.action, sum.quarter, sum.calls, sum.failures, sum.timed, sum.durationSumMs],
        ...sum.classes.map(Number),
      ]);

    test("every duration around the bounds of the classes is counted in its class", async () => {
      const user = newUserId();
      const durations = [0, ...durationBoundsMs.flatMap((bound) => [bound - 1, bound, bound + 1])].filter(
        (durationMs) => durationMs <= 86_400_000,
      );
      const logs = [null, ...durations].map((durationMs) => newLog(user, { durationMs, action: "video" }));
      await insert(logs);
      expect(await stored(user)).toEqual(expected(logs));
    });

    test("keys that are taken and logs that are stored are neither inserted nor counted", async () => {
      const user = newUserId();
      const [keyed, free] = [newLog(user, { idempotencyKey: "a" }), newLog(user)];
      expect(await insert([keyed, free])).toEqual(new Set([keyed.id, free.id]));
      const [again, fresh] = [newLog(user, { idempotencyKey: "a" }), newLog(user, { idempotencyKey: "b" })];
      expect(await insert([again, free, fresh])).toEqual(new Set([fresh.id]));
      expect(await insert([again, free])).toEqual(new Set());
      expect(await stored(user)).toEqual(expected([keyed, free, fresh]));
      const found = await backend.findByKeys([{ userId: user, idempotencyKey: "a" }]);
      expect(found.map(({ id }) => id)).toEqual([keyed.id]);
    });

    test("concurrent batches that change the same sums lose none", async () => {
      const users = times(4, () => newUserId());
      const logs = variedLogs(users, 400);
      const own = part + 1;
      await Promise.all(times(20, (n) => insert(logs.slice(n * 20, n * 20 + 20), own)));
      for (const user of users) {
        expect(await stored(user)).toEqual(expected(logs.filter(({ userId }) => userId === user)));
      }
      const classes = durationColumns.map((name) => `coalesce(sum(${name}), 0)`).join(" + ");
      const [totals] = await here.sql.query(
        `SELECT sum(calls) AS calls, sum(duration_sum_ms) AS ms, ${classes} AS timed FROM log_totals WHERE part = ${own}`,
      );
      const timed = logs.flatMap(({ durationMs }) => durationMs ?? []);
      const ms = timed.reduce((sum, each) => sum + each, 0);
      expect([totals?.["calls"], totals?.["ms"], totals?.["timed"]].map(Number)).toEqual([400, ms, timed.length]);
    });
  });
});
