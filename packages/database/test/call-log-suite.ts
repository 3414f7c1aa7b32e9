import type { UserId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import type { CallLog, NewCallLog } from "../src/index.ts";
import { type LogSumsQuery, openDatabase, quarterOf } from "../src/index.ts";
import { type LogCounts, sumsOf } from "../src/logs/log-sums.ts";
import { logIdAt, newLog, newUserId, storedLog, times } from "./samples.ts";
import { type InUse, useDatabase } from "./use-database.ts";
import { everyLog, MINUTE_MS, newestFirst, variedLogs } from "./varied-logs.ts";

type SumRow = Readonly<Record<string, unknown>>;

const countsOf = (row: SumRow) => [
  ...["calls", "failures", "timed", "duration_sum_ms"].map((column) => Number(row[column])),
  times(20, (at) => Number(row[`d${at}`] ?? 0)),
];

/** The stored sums of a user, by quarter and action. */
async function storedSums({ rows }: InUse, user: UserId) {
  const stored = await rows.find("log_rollups", { user_id: user });
  const entries = stored.map((row) => {
    const { quarter, action } = { ...row, ...(row["_id"] as SumRow | undefined) } as SumRow;
    return [`${quarter} ${action}`, countsOf(row)] as const;
  });
  return Object.fromEntries(entries.toSorted());
}

/** The sums of logs, as they have to be stored. */
const expectedSums = (logs: readonly CallLog[]) =>
  Object.fromEntries(
    sumsOf(logs, 0)
      .ofUsers.map(
        (sum) =>
          [
            `${sum.quarter} ${sum.action}`,
            [sum.calls, sum.failures, sum.timed, sum.durationSumMs, sum.classes.map((count) => count ?? 0)],
          ] as const,
      )
      .toSorted(),
  );

/** The behavior of the call log on every database. */
export function describeCallLog(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const write = (...logs: readonly NewCallLog[]) => here.database.logs.write(logs);

  describe("writing", () => {
    test("write returns the log that is stored, which can be found by its id", async () => {
      const log = newLog(newUserId(), { idempotencyKey: "order-1", durationMs: 1_200, reference: "工单 1" });
      expect(await write(log)).toEqual([storedLog(log)]);
      expect(await here.database.logs.find(log.id, log.userId)).toEqual(storedLog(log));
      expect(await here.database.logs.find(log.id)).toEqual(storedLog(log));
    });

    test("find does not return the log of another user or of an id that does not exist", async () => {
      const log = newLog();
      await write(log);
      expect(await here.database.logs.find(log.id, newUserId())).toBeUndefined();
      expect(await here.database.logs.find(newLog().id, log.userId)).toBeUndefined();
    });

    test("a log with a key that is taken is not stored, and the stored one is returned", async () => {
      const log = newLog(newUserId(), { idempotencyKey: "order-1" });
      const again = newLog(log.userId, { idempotencyKey: "order-1", action: "image" });
      await write(log);
      expect(await write(again)).toEqual([storedLog(log)]);
      expect(await here.database.logs.findByKey(log.userId, "order-1")).toEqual(storedLog(log));
      expect(await here.database.logs.findByKey(newUserId(), "order-1")).toBeUndefined();
      expect(await everyLog(here, { userId: log.userId }, 10)).toEqual([storedLog(log)]);
      expect(await storedSums(here, log.userId)).toEqual(expectedSums([log]));
    });

    test("of logs with one key in one call, the first is stored", async () => {
      const user = newUserId();
      const [one, other] = [newLog(user, { idempotencyKey: "a" }), newLog(user, { idempotencyKey: "a" })];
      const free = newLog(user);
      expect(await write(one, other, free)).toEqual([storedLog(one), storedLog(one), storedLog(free)]);
      expect(await storedSums(here, user)).toEqual(expectedSums([one, free]));
    });

    test("concurrent logs with the same key are stored once, and every call returns the stored one", async () => {
      const user = newUserId();
      const answers = await Promise.all(times(50, () => write(newLog(user, { idempotencyKey: "order-1" }))));
      const [stored, ...others] = await everyLog(here, { userId: user }, 10);
      expect(others).toEqual([]);
      for (const [answer] of answers) expect(answer).toEqual(stored);
    });

    test("the same key of two users stores two logs", async () => {
      const logs = [newUserId(), newUserId()].map((user) => newLog(user, { idempotencyKey: "order-1" }));
      expect(await write(...logs)).toEqual(logs.map(storedLog));
    });

    test("a log that is written again, as after a commit without an answer, is stored and counted once", async () => {
      const user = newUserId();
      const logs = [newLog(user), newLog(user, { idempotencyKey: "order-1" })];
      expect(await write(...logs)).toEqual(logs.map(storedLog));
      expect(await write(...logs)).toEqual(logs.map(storedLog));
      expect(await everyLog(here, { userId: user }, 10)).toHaveLength(2);
      expect(await storedSums(here, user)).toEqual(expectedSums(logs));
    });

    test("every text that JSON allows is stored as it is", async () => {
      const details = JSON.stringify({ a: "\u0000 \\ ' \" % _ 积 😀 \u2028", "": [] });
      const log = newLog(newUserId(), { details, detailsBytes: Buffer.byteLength(details), reference: "%_\\'\"" });
      await write(log);
      expect(await here.database.logs.find(log.id, log.userId)).toEqual(storedLog(log));
    });
  });

  describe("sums", () => {
    test("two processes that write the same rows of sums concurrently lose none", async () => {
      const second = await openDatabase(here.secondUrl);
      try {
        const users = times(3, () => newUserId());
        const logs = variedLogs(users, 600);
        const batches = times(60, (n) => logs.slice(n * 10, n * 10 + 10));
        await Promise.all(batches.map((batch, n) => (n % 2 === 0 ? here.database : second).logs.write(batch)));
        for (const user of users) {
          const own = logs.filter(({ userId }) => userId === user);
          expect(await storedSums(here, user)).toEqual(expectedSums(own));
          expect(await everyLog(here, { userId: user }, 50)).toEqual(newestFirst(own.map(storedLog)));
        }
      } finally {
        await second.close();
      }
    });
  });

  describe("sums by local time", () => {
    const nowQuarter = quarterOf(Date.now());
    const user = newUserId();
    let logs: readonly NewCallLog[] = [];
    beforeAll(async () => {
      logs = variedLogs([user], 300).map((log, n) => {
        const countedAtMs = Date.now() - n * 7 * MINUTE_MS;
        return { ...log, countedAtMs, id: logIdAt(countedAtMs) };
      });
      await write(...logs);
    });

    const cases = [3_600, 86_400].flatMap((unitSeconds) =>
      [28_800, 20_700, -12_600, 45_900].map((offsetSeconds) => ({ unitSeconds: unitSeconds as 3_600, offsetSeconds })),
    );
    test.each(cases)(
      "of a user by units of $unitSeconds s at an offset of $offsetSeconds s are those of its logs",
      async ({ unitSeconds, offsetSeconds }) => {
        // The clock changes by half an hour in the middle of the logs.
        const changeAt = nowQuarter - 60;
        const offsets = [
          { untilQuarter: changeAt, offsetSeconds },
          { untilQuarter: nowQuarter + 9, offsetSeconds: offsetSeconds + 1_800 },
        ];
        const unitOf = ({ countedAtMs }: CallLog) => {
          const quarter = quarterOf(countedAtMs);
          const offset = quarter < changeAt ? offsetSeconds : offsetSeconds + 1_800;
          return Math.floor((quarter * 900 + offset) / unitSeconds);
        };
        const range = { fromQuarter: nowQuarter - 130, toQuarter: nowQuarter - 2 };
        const inRange = logs.filter(
          ({ countedAtMs }) => quarterOf(countedAtMs) >= range.fromQuarter && quarterOf(countedAtMs) < range.toQuarter,
        );
        for (const byAction of [true, false]) {
          for (const action of [undefined, "image"]) {
            const found = await here.database.logs.sums({
              ...range,
              userId: user,
              action,
              byAction,
              unitSeconds,
              offsets,
            });
            const mine = inRange.filter((log) => action === undefined || log.action === action);
            const expected = new Map<string, CallLog[]>();
            for (const log of mine) {
              const key = `${unitOf(log)} ${byAction ? log.action : null}`;
              expected.set(key, [...(expected.get(key) ?? []), log]);
            }
            const shown = (sum: LogCounts) => [
              ...[sum.calls, sum.failures, sum.timed, sum.durationSumMs],
              ...sum.classes.map((count) => count ?? 0),
            ];
            const foundByKey = found.map((sum) => [`${sum.unit} ${sum.action}`, shown(sum)] as const);
            const expectedByKey = [...expected].map(([key, group]) => {
              const [sum] = sumsOf(
                group.map((log) => ({ ...log, action: "same", countedAtMs: 0 })),
                0,
              ).ofAll;
              return [key, shown(sum as LogCounts)] as const;
            });
            expect(Object.fromEntries(foundByKey)).toEqual(Object.fromEntries(expectedByKey));
          }
        }
      },
    );

    test("of all users hold those of each user", async () => {
      const query = {
        ...{ fromQuarter: nowQuarter - 130, toQuarter: nowQuarter - 2, byAction: false, unitSeconds: 86_400 as const },
        offsets: [{ untilQuarter: nowQuarter + 9, offsetSeconds: 0 }],
      };
      const calls = async (of?: UserId) =>
        (await here.database.logs.sums({ ...query, userId: of })).reduce((sum, each) => sum + each.calls, 0);
      const [before, other] = [await calls(), newUserId()];
      await write(
        ...times(5, (n) => {
          const countedAtMs = Date.now() - (60 + n) * MINUTE_MS;
          return newLog(other, { countedAtMs });
        }),
      );
      expect(await calls(other)).toBe(5);
      expect(await calls()).toBe(before + 5);
    });

    test("name the actions with most or those that are asked for, and hold all others together", async () => {
      const user = newUserId();
      const actions = ["rare", "often", "often", "most", "most", "most"];
      await write(...actions.map((action, n) => newLog(user, { action, countedAtMs: Date.now() - n })));
      const read = async (fields: Partial<LogSumsQuery>) => {
        const sums = await here.database.logs.sums({
          ...{ fromQuarter: nowQuarter - 2, toQuarter: nowQuarter + 3, byAction: true, unitSeconds: 86_400 },
          offsets: [{ untilQuarter: nowQuarter + 9, offsetSeconds: 0 }],
          ...fields,
        });
        const calls = new Map<string | null, number>();
        for (const sum of sums) calls.set(sum.action, (calls.get(sum.action) ?? 0) + sum.calls);
        return calls;
      };
      const most = await read({ userId: user, named: { most: "calls", limit: 2 } });
      expect(most).toEqual(
        new Map<string | null, number>([
          ["most", 3],
          ["often", 2],
          [null, 1],
        ]),
      );
      const some = await read({ userId: user, named: ["rare"] });
      expect(some).toEqual(
        new Map<string | null, number>([
          ["rare", 1],
          [null, 5],
        ]),
      );
      expect((await read({ userId: user, limit: 2 })).size).toBeLessThanOrEqual(2);
      expect((await read({ named: { most: "timed", limit: 1 } })).size).toBeLessThanOrEqual(2);
    });

    test("of several users are those of each, and of users without logs there are none", async () => {
      const users = [...times(3, () => newUserId()), newUserId()];
      const varied = variedLogs(users.slice(0, 3), 90).map((log, n) => {
        const countedAtMs = Date.now() - n * 7 * MINUTE_MS;
        return { ...log, countedAtMs, id: logIdAt(countedAtMs) };
      });
      await write(...varied);
      const range = { fromQuarter: nowQuarter - 30, toQuarter: nowQuarter - 2 };
      for (const action of [undefined, "image"]) {
        const found = await here.database.logs.sumsOfUsers({ ...range, owners: users, action });
        const expected = users.flatMap((owner) => {
          const mine = varied.filter(
            (log) =>
              log.userId === owner &&
              quarterOf(log.countedAtMs) >= range.fromQuarter &&
              quarterOf(log.countedAtMs) < range.toQuarter &&
              (action === undefined || log.action === action),
          );
          const [sum] = sumsOf(
            mine.map((log) => ({ ...log, action: "same", countedAtMs: 0 })),
            0,
          ).ofAll;
          if (!sum) return [];
          const { calls, failures, timed, durationSumMs, classes } = sum;
          return [
            { userId: owner, calls, failures, timed, durationSumMs, classes: classes.map((count) => count ?? 0) },
          ];
        });
        const byUser = (one: { userId: string }, other: { userId: string }) => (one.userId < other.userId ? -1 : 1);
        expect(found.toSorted(byUser)).toEqual(expected.toSorted(byUser));
        expect(found.length).toBe(action === undefined ? 3 : found.length);
      }
      expect(await here.database.logs.sumsOfUsers({ ...range, owners: [] })).toEqual([]);
    });
  });
}
