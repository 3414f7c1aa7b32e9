import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { idBound, type LogFilter, type NewCallLog } from "../src/index.ts";
import { newLog, newUserId, storedLog, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";
import { everyLog, MINUTE_MS, matches, newestFirst, variedLogs } from "./varied-logs.ts";

/** The lists of the call log on every database. */
export function describeCallLogLists(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const write = (...logs: readonly NewCallLog[]) => here.database.logs.write(logs);

  describe("lists", () => {
    const users = [newUserId(), newUserId()];
    const beganMs = Date.now();
    let logs: readonly NewCallLog[] = [];
    const written = async () => {
      if (logs.length > 0) return logs;
      logs = variedLogs(users, 240);
      await write(...logs);
      return logs;
    };
    const single: readonly LogFilter[] = [
      {},
      { action: "image" },
      { success: false },
      { success: true },
      { subjectId: "txn-6" },
      { reference: "job-10" },
      { text: "第3" },
      { text: "50%" },
      { text: "_" },
      { text: '"引号"' },
      { text: "\\" },
      { text: "😀" },
      { text: "$details" },
      { fromId: idBound(beganMs - 80 * MINUTE_MS) },
      { beforeId: idBound(beganMs - 20 * MINUTE_MS) },
    ];
    const pairs = single.flatMap((one, at) => single.slice(at).map((other) => ({ ...one, ...other })));

    test("each filter and each pair of filters returns the matching logs of a user, newest first", async () => {
      const all = newestFirst((await written()).map(storedLog));
      for (const filter of pairs) {
        const mine = { ...filter, userId: users[0] };
        expect(await everyLog(here, mine, 7), JSON.stringify(filter)).toEqual(all.filter((log) => matches(log, mine)));
      }
    });

    test("each filter and each pair of filters returns the matching logs of all users, newest first", async () => {
      const all = newestFirst((await written()).map(storedLog));
      const oldest = all.at(-1)?.id;
      for (const filter of pairs) {
        const found = await everyLog(here, { fromId: oldest, ...filter }, 50);
        const mine = found.filter(({ userId }) => users.includes(userId));
        expect(mine, JSON.stringify(filter)).toEqual(all.filter((log) => matches(log, filter)));
        expect(newestFirst(found)).toEqual(found);
      }
    });

    test("a range returns the logs from its begin, which is included, to its end, which is not", async () => {
      const all = newestFirst((await written()).map(storedLog)).filter(({ userId }) => userId === users[1]);
      const [from, to] = [all[40], all[10]];
      const found = await everyLog(here, { userId: users[1], fromId: from?.id, beforeId: to?.id }, 9);
      expect(found).toEqual(all.slice(11, 41));
    });

    test("details above 4 KB are in no list, and in the log itself", async () => {
      const [small, large] = [4_096, 4_097].map((bytes) => {
        const details = JSON.stringify("x".repeat(bytes - 2));
        return newLog(newUserId(), { details, detailsBytes: Buffer.byteLength(details) });
      }) as [NewCallLog, NewCallLog];
      await write(small, large);
      expect((await here.database.logs.list({ userId: small.userId }, 1)).logs[0]?.details).toBe(small.details);
      expect((await here.database.logs.list({ userId: large.userId }, 1)).logs[0]).toMatchObject({ details: null });
      expect((await here.database.logs.find(large.id, large.userId))?.details).toBe(large.details);
    });

    test("a search that no index serves looks at a bounded number of rows and continues behind them", async () => {
      const user = newUserId();
      const details = '{"a":"b"}';
      const many = times(10_100, (n) =>
        newLog(user, { countedAtMs: Date.now() - n, details, detailsBytes: details.length }),
      );
      const needle = newLog(user, { countedAtMs: Date.now() - 60_000, details: '{"a":"needle"}', detailsBytes: 14 });
      for (let from = 0; from < many.length; from += 2_020) await write(...many.slice(from, from + 2_020));
      await write(needle);
      const first = await here.database.logs.list({ userId: user, text: "needle" }, 10);
      expect(first.logs).toEqual([]);
      expect(first.lastId).toBeDefined();
      expect(await everyLog(here, { userId: user, text: "needle" }, 10)).toEqual([storedLog(needle)]);
    });
  });
}
