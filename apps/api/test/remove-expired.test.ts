import { randomUUID } from "node:crypto";
import { userId } from "@jifen/core";
import { type Database, idBound, type NewCallLog, openDatabase, quarterOf } from "@jifen/database";
import { databaseKinds, describeOn, type FreshDatabase, freshDatabase, onMysql } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditLogs } from "../src/modules/logs/audit/audit-logs.ts";
import type { RemovedCounts } from "../src/modules/logs/log-meter.ts";
import { removeExpiredJob } from "../src/modules/logs/remove-expired.ts";
import { changeDatabase } from "./change-database.ts";
import { jifenWith } from "./jifen-command.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const nowMs = Date.now();
const keeping = { logsMs: 40 * DAY_MS, detailsMs: 10 * DAY_MS };

const idAt = (timeMs: number) => `${idBound(timeMs)}-7${randomUUID().slice(15)}`;

const logAt = (countedAtMs: number, user: string, key: string | null = null): NewCallLog => ({
  ...{ userId: userId(user), id: idAt(countedAtMs), arrivalId: idAt(nowMs), idempotencyKey: key, countedAtMs },
  ...{ action: "video", success: true, durationMs: 5, subjectId: null, reference: null },
  ...{ details: '{"prompt":"a cat"}', detailsBytes: 18, occurredAtMs: countedAtMs, createdAtMs: nowMs },
});

for (const kind of databaseKinds) {
  describeOn(kind)(`removing expired logs on ${kind}`, () => {
    let fresh: FreshDatabase;
    let database: Database;
    beforeAll(async () => {
      fresh = await freshDatabase(kind);
      database = await openDatabase(fresh.url);
      // MySQL adds months at the end only: one that has had none begins with the first month that it is asked for.
      if (kind === "mysql") {
        const rows = await onMysql(fresh.url, (connection) =>
          connection.query<{ name: string }[]>(
            "SELECT PARTITION_NAME AS name FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = DATABASE() AND PARTITION_NAME LIKE 'm%'",
          ),
        );
        await changeDatabase(fresh, `ALTER TABLE call_logs DROP PARTITION ${rows.map(({ name }) => name).join(", ")}`);
      }
      await database.logs.makePlaces(
        nowMs,
        Array.from({ length: 6 }, (_, at) => nowMs - at * 30 * DAY_MS),
      );
    });
    afterAll(async () => {
      await database?.close();
      await fresh?.drop();
    });

    /** A round of the job, as one server does it at a time. @returns what it removed */
    async function round(atMs = nowMs): Promise<Required<RemovedCounts>> {
      const counts = { logs: 0, months: 0, details: 0, keys: 0 };
      const meter = {
        removed: (more: RemovedCounts) => {
          for (const [name, count] of Object.entries(more)) counts[name as keyof typeof counts] += count;
        },
      };
      const job = removeExpiredJob({ database, keeping, removesLogs: true, nowMs: () => atMs, meter });
      while ((await job.runBatch(new AbortController().signal)).isMore);
      return counts;
    }
    const find = (log: NewCallLog | undefined) => database.logs.find(String(log?.id));
    const audit = async () => {
      const { differences, comparedFrom } = await auditLogs({ database, onOwner: () => undefined });
      return { differences, comparedFrom };
    };

    test("a round removes expired logs, details and keys and keeps the rest, and the audit finds no difference", async () => {
      const user = `${randomUUID()}@example.com`;
      const times = [100, 80, 41, 39, 11, 9, 0].map((days) => nowMs - days * DAY_MS);
      const logs = times.map((timeMs, n) => logAt(timeMs, user, `key-${n}`));
      await database.logs.write(logs);
      expect(await audit()).toEqual({ differences: [], comparedFrom: null });
      const removed = await round();
      expect(removed.logs).toBeGreaterThanOrEqual(1);
      expect(removed.details).toBe(kind === "sqlite" || kind === "mongodb" ? 2 : removed.details);
      const left = await Promise.all(logs.map(find));
      // Whole months go first; a log of a month that is not over is hidden, and goes with it.
      const isLeft = left.map((log) => log !== undefined);
      expect(isLeft.slice(3)).toEqual([true, true, true, true]);
      if (kind === "sqlite" || kind === "mongodb") expect(isLeft.slice(0, 3)).toEqual([false, false, false]);
      expect(left.slice(3).map((log) => log?.details !== null)).toEqual([false, false, true, true]);
      const { differences, comparedFrom } = await audit();
      expect(differences).toEqual([]);
      expect(Date.parse(String(comparedFrom))).toBeLessThanOrEqual(nowMs - keeping.logsMs);
      expect((await database.logs.marks()).keys).toBe((await database.logs.marks()).logs);
      // Sums stay.
      const range = { fromQuarter: 0, toQuarter: 2 ** 30, byAction: false, unitSeconds: 86_400 as const };
      const sums = await database.logs.sums({
        ...{ ...range, userId: userId(user), offsets: [{ untilQuarter: 2 ** 30, offsetSeconds: 0 }] },
      });
      expect(sums.reduce((sum, { calls }) => sum + calls, 0)).toBe(times.length);
      // The key of a removed log is free.
      const again = logAt(nowMs, user, "key-0");
      expect((await database.logs.write([again]))[0]?.id).toBe(again.id);
      expect((await round()).keys).toBe(0);
    });

    test("details of a deleted user are removed in the next round, also of logs that arrive late", async () => {
      const [deleted, other] = [`${randomUUID()}@example.com`, `${randomUUID()}@example.com`];
      const logs = [0, 1, 2, 3].map((days) => logAt(nowMs - days * DAY_MS, days === 3 ? other : deleted));
      await database.logs.write(logs);
      await database.auditLog.recordOnce({
        ...{ id: idAt(nowMs).replace("log-", "event-"), atMs: nowMs, actor: "operator", action: "users.remove" },
        ...{ subject: `user:${deleted}`, reason: null, details: null, requestId: null },
      });
      expect((await round(nowMs + 1_000)).details).toBe(3);
      const left = await Promise.all(logs.map(find));
      expect(left.map((log) => log?.details !== null)).toEqual([false, false, false, true]);
      const late = logAt(nowMs - 5 * HOUR_MS, deleted);
      await database.logs.write([late]);
      expect((await round(nowMs + HOUR_MS)).details).toBe(1);
      expect((await find(late))?.details).toBeNull();
      expect((await round(nowMs + 4 * HOUR_MS)).details).toBe(0);
    });

    test("a round that is stopped is continued later, and two processes at the same time remove each log once", async () => {
      const user = `${randomUUID()}@example.com`;
      const logs = Array.from({ length: 900 }, (_, n) => logAt(nowMs - 5 * DAY_MS + n, user));
      for (const from of [0, 300, 600]) await database.logs.write(logs.slice(from, from + 300));
      const stopping = new AbortController();
      stopping.abort();
      const stopped = removeExpiredJob({
        ...{ database, keeping, removesLogs: true, nowMs: () => nowMs, meter: { removed: () => undefined } },
      });
      expect(await stopped.runBatch(stopping.signal)).toEqual({ isMore: true });
      const atMs = nowMs + 20 * DAY_MS;
      const [one, two] = await Promise.all([round(atMs), round(atMs)]);
      expect((one?.details ?? 0) + (two?.details ?? 0)).toBeGreaterThanOrEqual(900);
      const listed = await database.logs.list({ userId: userId(user) }, 100);
      expect(listed.logs.every(({ details }) => details === null)).toBe(true);
      expect((await audit()).differences).toEqual([]);
    });

    test.runIf(kind === "postgresql" || kind === "mysql")(
      "jifen logs partitions drops the months that have expired, and none without LOG_RETENTION_DAYS",
      async () => {
        const run = async (env: Record<string, string>) => {
          const { stdout, exitCode } = await jifenWith(
            { DATABASE_URL: fresh.url, ...env },
            "logs",
            "partitions",
            "--json",
          );
          return { exitCode, ...JSON.parse(stdout) };
        };
        await database.logs.makePlaces(nowMs, [nowMs - 60 * DAY_MS, nowMs - 90 * DAY_MS]);
        expect(await run({})).toEqual({ exitCode: 0, isReady: true, dropped: 0 });
        const { dropped } = await run({ LOG_RETENTION_DAYS: "31" });
        if (kind === "postgresql") expect(dropped).toBeGreaterThanOrEqual(1);
        expect(await run({ LOG_RETENTION_DAYS: "31" })).toMatchObject({ dropped: 0 });
      },
    );

    test("a log that is lost is a difference still, unless it is older than what is removed", async () => {
      const user = `${randomUUID()}@example.com`;
      const logs = [50, 1].map((days) => logAt(nowMs - days * DAY_MS, user, `key-${days}`));
      await database.logs.write(logs);
      await database.logs.moveMark("logs", nowMs - 40 * DAY_MS);
      const ofLogs = fresh.url.startsWith("file:") ? { ...fresh, url: fresh.url.replace(/\.db$/, "-logs.db") } : fresh;
      await changeDatabase(ofLogs, {
        sql: `DELETE FROM call_logs WHERE user_id = '${user}'`,
        mongodb: (db) => db.collection("call_logs").deleteMany({ user_id: user }),
      });
      const found = (await audit()).differences.map(({ kind: what, owner, where }) => `${what} ${owner} ${where}`);
      const quarter = quarterOf(nowMs - DAY_MS);
      expect(found.toSorted()).toEqual([
        `KEY_WITHOUT_LOG ${user} ${logs[1]?.id}`,
        `LOG_SUMS ${user} ${quarter} video`,
        `LOG_TOTALS null ${quarter} video`,
      ]);
    });
  });
}
