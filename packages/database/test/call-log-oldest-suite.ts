import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { CallLog, LogFilter, NewCallLog } from "../src/index.ts";
import { newLog, newUserId, storedLog, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";
import { everyLogOldest, matches, newestFirst, variedLogs } from "./varied-logs.ts";

/** The call log, oldest first, as exports read it, on every database. */
export function describeCallLogOldestFirst(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const write = (...logs: readonly NewCallLog[]) => here.database.logs.write(logs);
  const users = [newUserId(), newUserId()];
  let stored: readonly CallLog[] = [];
  const written = async () => {
    if (stored.length > 0) return stored;
    const logs = variedLogs(users, 240);
    await write(...logs);
    stored = newestFirst(logs.map(storedLog)).toReversed();
    return stored;
  };
  const single: readonly LogFilter[] = [
    {},
    { action: "image" },
    { success: false },
    { success: true },
    { subjectId: "txn-6" },
    { reference: "job-10" },
    { text: "第3" },
  ];
  const pairs = single.flatMap((one, at) => single.slice(at).map((other) => ({ ...one, ...other })));

  describe("logs, oldest first", () => {
    test("each filter and each pair of filters returns the matching logs of a user, oldest first", async () => {
      const all = await written();
      for (const filter of pairs) {
        const mine = { ...filter, userId: users[0] };
        const found = await everyLogOldest(here, mine, { limit: 7 });
        expect(found, JSON.stringify(filter)).toEqual(all.filter((log) => matches(log, mine)));
      }
    });

    test("a range of all users begins after an id, and can be read without details", async () => {
      const all = await written();
      const range = { fromId: all[0]?.id, afterId: all[30]?.id, beforeId: all.at(-10)?.id };
      for (const filter of single) {
        const found = await everyLogOldest(here, { ...filter, ...range }, { limit: 9, details: "none" });
        const mine = found.filter(({ userId }) => users.includes(userId));
        const expected = all.filter((log) => matches(log, { ...filter, ...range }));
        expect(mine, JSON.stringify(filter)).toEqual(expected.map((log) => ({ ...log, details: null })));
      }
    });

    test("details of any size are there", async () => {
      const details = JSON.stringify("x".repeat(60_000));
      const large = newLog(newUserId(), { details, detailsBytes: Buffer.byteLength(details) });
      await write(large);
      const page = await here.database.logs.listOldest({ userId: large.userId }, 1, "all");
      expect(page).toEqual({ logs: [storedLog(large)], lastId: undefined });
    });

    test("pages have each log that was there once, while others arrive before and behind them", async () => {
      const user = newUserId();
      const before = times(60, (n) => newLog(user, { countedAtMs: Date.now() - 600_000 + n * 1_000, success: true }));
      await write(...before);
      const seen: string[] = [];
      for (let afterId: string | undefined; ; ) {
        const [page] = await Promise.all([
          here.database.logs.listOldest({ userId: user, afterId, success: true }, 7, "none"),
          write(...times(10, (n) => newLog(user, { countedAtMs: Date.now() - (n % 2) * 900_000, success: true }))),
        ]);
        seen.push(...page.logs.map(({ id }) => id));
        if (page.lastId === undefined || page.lastId > (before.at(-1)?.id ?? "")) break;
        afterId = page.lastId;
      }
      const old = new Set(before.map(({ id }) => id));
      expect(seen.filter((id) => old.has(id))).toEqual(before.map(({ id }) => id));
    });

    test("a search that no index serves looks at a bounded number of rows and continues behind them", async () => {
      const user = newUserId();
      const [details, needle] = [
        { details: '{"a":"b"}', detailsBytes: 9 },
        { details: '{"a":"needle"}', detailsBytes: 14 },
      ];
      const nowMs = Date.now();
      const many = times(10_100, (n) => newLog(user, { countedAtMs: nowMs - n, ...details }));
      const needles = [nowMs - 60_000, nowMs + 60_000].map((countedAtMs) => newLog(user, { countedAtMs, ...needle }));
      for (let from = 0; from < many.length; from += 2_020) await write(...many.slice(from, from + 2_020));
      await write(...needles);
      const first = await here.database.logs.listOldest({ userId: user, text: "needle" }, 10, "all");
      expect(first.logs).toEqual(needles.slice(0, 1).map(storedLog));
      expect(first.lastId).toBeDefined();
      const found = await everyLogOldest(here, { userId: user, text: "needle" }, { limit: 10 });
      expect(found).toEqual(needles.map(storedLog));
    });
  });
}
