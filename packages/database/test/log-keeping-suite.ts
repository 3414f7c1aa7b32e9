import type { DatabaseKind } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallLog, type Database, idBound, type NewCallLog, openDatabase, timeOfId } from "../src/index.ts";
import type { RemovedLogs } from "../src/logs/log-removals.ts";
import { monthOf } from "../src/logs/months.ts";
import { firstPartitions } from "./mysql-partitions.ts";
import { logIdAt, newLog, newUserId, storedLog, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

const DAY_MS = 86_400_000;

/** A log that counts at this time. */
const logAt = (countedAtMs: number, log: Parameters<typeof newLog>[1] = {}): NewCallLog =>
  newLog(log.userId ?? newUserId(), { countedAtMs, id: logIdAt(countedAtMs), ...log });

/** How long logs, and their details, are kept on every database, and how they are removed. */
export function describeLogKeeping(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const nowMs = Date.now();
  const keeping = { logsMs: 40 * DAY_MS, detailsMs: 20 * DAY_MS, nowMs: () => nowMs };
  const [firstLogMs, firstDetailsMs] = [nowMs - keeping.logsMs, nowMs - keeping.detailsMs];
  let kept: Database;
  let second: Database;
  beforeAll(async () => {
    kept = await openDatabase(here.url, { logs: { keeping } });
    second = await openDatabase(here.secondUrl, { logs: { keeping } });
    // MySQL adds months at the end only: one that has had none begins with the first month that it is asked for.
    if (kind === "mysql") {
      await here.sql.query(`ALTER TABLE call_logs DROP PARTITION ${firstPartitions(nowMs).join(", ")}`);
    }
    const months = times(6, (ago) => monthOf(nowMs, -ago).beginMs);
    await here.database.logs.makePlaces(nowMs, months);
  });
  afterAll(async () => {
    await Promise.all([kept, second].map((each) => each?.close()));
  });
  const listed = async (userId: CallLog["userId"], text?: string) =>
    (await kept.logs.list({ userId, text }, 100)).logs.map(({ id }) => id);

  describe("what is shown", () => {
    test("a log of the first millisecond that is kept is shown, and one a millisecond older is not", async () => {
      const user = newUserId();
      const [last, expired] = [firstLogMs, firstLogMs - 1].map((timeMs, n) =>
        logAt(timeMs, { userId: user, idempotencyKey: `key-${n}`, subjectId: "txn-edge", reference: `job-${user}` }),
      ) as [NewCallLog, NewCallLog];
      await here.database.logs.write([last, expired]);
      const shown = { ...storedLog(last), details: null };
      expect(await kept.logs.find(last.id, user)).toEqual(shown);
      expect(await kept.logs.find(last.id)).toEqual(shown);
      expect(await kept.logs.findByKey(user, "key-0")).toEqual(shown);
      for (const filter of [{ userId: user }, { reference: `job-${user}` }, { userId: user, action: "video" }])
        expect((await kept.logs.list(filter, 10)).logs).toEqual([shown]);
      expect(await kept.logs.find(expired.id, user)).toBeUndefined();
      expect(await kept.logs.find(expired.id)).toBeUndefined();
      expect(await kept.logs.findByKey(user, "key-1")).toBeUndefined();
      // The row is there: without a limit it is shown.
      expect(await here.database.logs.find(expired.id)).toEqual(storedLog(expired));
    });

    test("details of the first millisecond that they are kept are shown and found, those a millisecond older are not", async () => {
      const user = newUserId();
      const [fresh, expired] = [firstDetailsMs, firstDetailsMs - 1].map((timeMs) =>
        logAt(timeMs, { userId: user, details: '{"prompt":"雪地里的猫"}' }),
      ) as [NewCallLog, NewCallLog];
      await here.database.logs.write([fresh, expired]);
      const withoutDetails = { ...storedLog(expired), details: null };
      expect((await kept.logs.list({ userId: user }, 10)).logs).toEqual([storedLog(fresh), withoutDetails]);
      expect(await kept.logs.find(expired.id, user)).toEqual(withoutDetails);
      expect(await kept.logs.find(fresh.id)).toEqual(storedLog(fresh));
      expect(await listed(user, "雪地")).toEqual([fresh.id]);
    });

    test("the range of a list is never wider than what is kept", async () => {
      const user = newUserId();
      const logs = [1, 39, 41, 50].map((days) => logAt(nowMs - days * DAY_MS, { userId: user }));
      await here.database.logs.write(logs);
      const fromId = idBound(nowMs - 60 * DAY_MS);
      const found = await kept.logs.list({ userId: user, fromId }, 10);
      expect(found.logs.map(({ id }) => id)).toEqual(logs.slice(0, 2).map(({ id }) => id));
      const recent = await kept.logs.list({ userId: user, fromId: idBound(nowMs - 2 * DAY_MS) }, 10);
      expect(recent.logs.map(({ id }) => id)).toEqual([logs[0]?.id]);
    });
  });

  describe("writing", () => {
    test("details that have expired when a log arrives are not stored", async () => {
      const log = logAt(firstDetailsMs - 1);
      expect(await kept.logs.write([log])).toEqual([{ ...storedLog(log), details: null }]);
      expect(await here.database.logs.find(log.id)).toEqual({ ...storedLog(log), details: null });
    });

    test("the key of a log that is kept is taken, and that of one that has expired is free", async () => {
      const user = newUserId();
      const old = [firstLogMs, firstLogMs - 1].map((timeMs, n) =>
        logAt(timeMs, { userId: user, idempotencyKey: `key-${n}` }),
      );
      await here.database.logs.write(old);
      const again = times(2, (n) => newLog(user, { idempotencyKey: `key-${n}` }));
      const written = await kept.logs.write(again);
      expect(written.map(({ id }) => id)).toEqual([old[0]?.id, again[1]?.id]);
      expect(await kept.logs.findByKey(user, "key-1")).toEqual(storedLog(again[1] as NewCallLog));
      expect((await kept.logs.write([newLog(user, { idempotencyKey: "key-1" })]))[0]?.id).toBe(again[1]?.id);
    });

    test("of two processes that take the key of an expired log at the same time, one writes its log", async () => {
      const user = newUserId();
      const keys = times(20, (n) => `key-${n}`);
      await here.database.logs.write(
        keys.map((idempotencyKey) => logAt(firstLogMs - DAY_MS, { userId: user, idempotencyKey })),
      );
      const calls = [kept, second].flatMap(({ logs }) =>
        keys.map((idempotencyKey) => logs.write([newLog(user, { idempotencyKey })])),
      );
      const written = (await Promise.all(calls)).flat();
      expect(new Set(written.map(({ id }) => id)).size).toBe(keys.length);
      expect((await listed(user)).toSorted()).toEqual([...new Set(written.map(({ id }) => id))].toSorted());
    });

    test("the key of a log that is removed is free, also when logs are kept for longer by now", async () => {
      const user = newUserId();
      const log = newLog(user, { idempotencyKey: "key" });
      await here.database.logs.write([log]);
      await here.rows.remove("call_logs", kind === "mongodb" ? { user_id: user } : { user_id: user, id: log.id });
      const [again, other] = times(2, () => newLog(user, { idempotencyKey: "key" })) as [NewCallLog, NewCallLog];
      expect(await here.database.logs.write([again, other])).toEqual([storedLog(again), storedLog(again)]);
      expect(await listed(user)).toEqual([again.id]);
    });
  });

  describe("removing", () => {
    /** Removes all that can be. */
    const removeAll = async (beforeMs: number, from: readonly Database[] = [here.database]) => {
      const removed = { logs: 0, months: 0, steps: 0 };
      const work = async ({ logs }: Database) => {
        let step: RemovedLogs;
        do {
          step = await logs.removeLogs(beforeMs);
          removed.logs += step.logs;
          removed.months += step.months;
          removed.steps += 1;
          // Another process may be at it.
        } while (step.isMore);
      };
      await Promise.all(from.map(work));
      return removed;
    };
    const isByMonth = kind === "postgresql" || kind === "mysql";
    const rollupsOf = async (user: string) => (await here.rows.find("log_rollups", { user_id: user })).length;

    test("logs before a time are removed and later ones are not, sums stay, and logs are written meanwhile", async () => {
      const user = newUserId();
      // All of a month, and the first millisecond of the next one.
      const month = monthOf(nowMs, -3);
      const old = times(450, (n) => logAt(month.beginMs + n * 3_600_000, { userId: user }));
      const later = [month.endMs, month.endMs + 1, nowMs].map((timeMs) => logAt(timeMs, { userId: user }));
      await here.database.logs.write([...old, ...later]);
      const rollups = await rollupsOf(user);
      let isDone = false;
      const removing = removeAll(month.endMs, [here.database, second]).finally(() => {
        isDone = true;
      });
      const writer = newUserId();
      const written: string[] = [];
      while (!isDone) {
        const [log] = await kept.logs.write([newLog(writer)]);
        written.push(String(log?.id));
      }
      const { logs } = await removing;
      expect(logs).toBeGreaterThanOrEqual(old.length);
      const left = (await here.database.logs.list({ userId: user }, 10)).logs.map(({ id }) => id);
      expect(left).toEqual(later.map(({ id }) => id).toReversed());
      expect(await rollupsOf(user)).toBe(rollups);
      expect((await kept.logs.list({ userId: writer }, 100)).logs).toHaveLength(Math.min(100, written.length));
      expect((await here.database.logs.marks()).logs).toBe(month.endMs);
    });

    test("a month that is not wholly before the time is not dropped, and steps have at most 200 logs", async () => {
      const month = monthOf(nowMs, -2);
      const user = newUserId();
      const logs = times(420, (n) => logAt(month.beginMs + n, { userId: user }));
      await here.database.logs.write(logs);
      const before = await removeAll(month.endMs - 1);
      const left = (await here.database.logs.list({ userId: user }, 100)).logs.length;
      if (isByMonth) expect([before.months, left]).toEqual([0, 100]);
      else expect([before.months, left]).toEqual([0, 0]);
      if (!isByMonth) expect(before.steps).toBeGreaterThanOrEqual(3);
      await removeAll(month.endMs);
      expect((await here.database.logs.list({ userId: user }, 100)).logs).toEqual([]);
    });

    test("a mark moves forward only", async () => {
      const before = (await here.database.logs.marks()).details ?? 0;
      for (const toMs of [before + 5, before + 3]) await here.database.logs.moveMark("details", toMs);
      expect(await here.database.logs.marks()).toMatchObject({ details: before + 5 });
    });

    test("details of a range are removed in steps, and no others", async () => {
      const user = newUserId();
      const logs = times(25, (n) => logAt(nowMs - 10 * DAY_MS + n, { userId: user }));
      await here.database.logs.write(logs);
      const range = {
        afterId: idBound(nowMs - 10 * DAY_MS + 2),
        beforeId: idBound(nowMs - 10 * DAY_MS + 20),
        limit: 7,
      };
      const steps: number[] = [];
      for (let afterId: string | undefined = range.afterId; afterId !== undefined; ) {
        const { details, lastId } = await here.database.logs.removeDetails({ ...range, afterId });
        steps.push(details);
        afterId = lastId;
      }
      expect(steps).toEqual([7, 7, 4]);
      const left = await Promise.all(logs.map(({ id }) => here.database.logs.find(id, user)));
      expect(left.map((log) => log?.details !== null)).toEqual(times(25, (n) => n < 2 || n >= 20));
      expect((await here.database.logs.removeDetails(range)).details).toBe(0);
    });

    test("details of one user are removed, and those of others are not", async () => {
      const [user, other] = [newUserId(), newUserId()];
      const logs = times(10, (n) => logAt(nowMs - n * DAY_MS, { userId: n % 2 === 0 ? user : other }));
      await here.database.logs.write(logs);
      const all = { userId: user, afterId: idBound(0), beforeId: idBound(nowMs + DAY_MS), limit: 3 };
      const first = await here.database.logs.removeDetails(all);
      expect([first.details, timeOfId(String(first.lastId))]).toEqual([3, nowMs - 4 * DAY_MS]);
      const rest = { ...all, afterId: String(first.lastId) };
      expect(await here.database.logs.removeDetails(rest)).toEqual({ details: 2, lastId: undefined });
      const details = async (userId: typeof user) =>
        (await here.database.logs.list({ userId }, 10)).logs.map((log) => log.details !== null);
      expect([await details(user), await details(other)]).toEqual([times(5, () => false), times(5, () => true)]);
    });

    test("keys of logs before a time are removed, those of later logs are not", async () => {
      // In a month that no test before has dropped, on any day of the year.
      const beforeMs = nowMs - 5 * DAY_MS;
      const users = [...times(30, () => newUserId()), ...times(3, () => newUserId())].toSorted();
      const logs = users.flatMap((userId, at) =>
        times(at < 30 ? 3 : 400, (n) =>
          logAt(n % 2 === 0 ? nowMs : beforeMs - 1, { userId, idempotencyKey: `键-${n}` }),
        ),
      );
      for (const part of times(4, (n) => logs.slice(n * 400, n * 400 + 400))) await here.database.logs.write(part);
      const keysOf = async (user: string) =>
        (await here.rows.find("log_keys", { user_id: user })).map((row) => String(row["log_id"])).toSorted();
      let steps = 0;
      let last: Awaited<ReturnType<Database["logs"]["removeKeys"]>>["last"];
      do {
        ({ last } = await here.database.logs.removeKeys(beforeMs, last));
        steps += 1;
      } while (last);
      expect(steps).toBeGreaterThanOrEqual(3);
      for (const user of users) {
        const own = logs.filter(({ userId, countedAtMs }) => userId === user && countedAtMs === nowMs);
        expect(await keysOf(user)).toEqual(own.map(({ id }) => id).toSorted());
      }
    });
  });
}
