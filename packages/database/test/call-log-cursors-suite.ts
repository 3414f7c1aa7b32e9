import type { UserId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallLog, type Database, type LogFilter, type NewCallLog, openDatabase } from "../src/index.ts";
import { logIdAt, newLog, newUserId, storedLog, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";
import { everyLog, MINUTE_MS, matches, newestFirst, variedLogs } from "./varied-logs.ts";

/** How many logs arrive while lists are read. */
const ARRIVING = 1_000;
const ARRIVING_TOGETHER = 20;

/** The pages of lists on every database while logs arrive. */
export function describeCallLogCursors(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  let second: Database;
  beforeAll(async () => {
    second = await openDatabase(here.secondUrl);
  });
  afterAll(() => second?.close());

  const idsOf = (logs: readonly CallLog[]) => logs.map(({ id }) => id);

  describe("pages", () => {
    /** Writes logs from two processes until all have arrived. @returns whether they have */
    const arrive = (logs: readonly NewCallLog[]) => {
      const batches = times(logs.length / ARRIVING_TOGETHER, (n) =>
        logs.slice(n * ARRIVING_TOGETHER, (n + 1) * ARRIVING_TOGETHER),
      );
      let isDone = false;
      const write = async ({ logs: store }: Database, own: readonly (readonly NewCallLog[])[]) => {
        for (const batch of own) await store.write(batch);
      };
      const done = Promise.all([
        write(
          here.database,
          batches.filter((_, n) => n % 2 === 0),
        ),
        write(
          second,
          batches.filter((_, n) => n % 2 === 1),
        ),
      ]).finally(() => {
        isDone = true;
      });
      return { done, isDone: () => isDone };
    };

    test(`pages by each filter neither skip nor repeat logs while ${ARRIVING} logs arrive`, async () => {
      const users: readonly UserId[] = [newUserId(), newUserId()];
      const before = variedLogs(users, 240);
      await here.database.logs.write(before);
      // They arrive at the times of those that are there, earlier and later.
      const arriving = variedLogs(users, ARRIVING).map((log, n) => {
        const countedAtMs = log.countedAtMs + ((n % 3) - 1) * 60 * MINUTE_MS;
        return { ...log, countedAtMs, id: logIdAt(countedAtMs) };
      });
      const filters: readonly LogFilter[] = [
        ...[{}, { action: "image" }, { success: false }, { success: true }, { subjectId: "txn-6" }],
        ...[{ reference: "job-10" }, { text: "第3" }, { action: "video", success: false }],
      ].flatMap((filter) => [{ ...filter, userId: users[0] }, filter]);
      const writing = arrive(arriving);
      const read = async (filter: LogFilter, limit: number) =>
        (await everyLog(here, filter, limit)).filter(({ userId }) => users.includes(userId));
      const lists: { readonly filter: LogFilter; readonly found: readonly CallLog[] }[] = [];
      do for (const filter of filters) lists.push({ filter, found: await read(filter, 37) });
      while (!writing.isDone());
      await writing.done;
      for (const { filter, found } of lists) {
        const name = JSON.stringify(filter);
        const ids = idsOf(found);
        const there = new Set(ids);
        expect(there.size, `${name}: a log came twice`).toBe(ids.length);
        expect(idsOf(newestFirst(found)), `${name}: not newest first`).toEqual(ids);
        expect(
          found.filter((log) => !matches(log, filter)),
          `${name}: a log does not match`,
        ).toEqual([]);
        const missed = before.filter((log) => matches(log, filter) && !there.has(log.id));
        expect(idsOf(missed), `${name}: logs that were there did not come`).toEqual([]);
      }
      const all = newestFirst([...before, ...arriving].map(storedLog));
      for (const filter of filters) {
        expect(idsOf(await read(filter, 50))).toEqual(idsOf(all.filter((log) => matches(log, filter))));
      }
    });

    test("a bounded scan repeats no log at its end while logs arrive", async () => {
      const user = newUserId();
      const nowMs = Date.now();
      const small = (fields: Partial<NewCallLog>, details = '{"a":"b"}') =>
        newLog(user, { ...fields, details, detailsBytes: details.length });
      // A page ends among logs that match, and moves with each log that arrives.
      const isNeedle = (n: number) => (n > 1_900 && n < 2_100) || n > 9_900;
      const logs = times(10_100, (n) =>
        small({ countedAtMs: nowMs - n * 10 }, isNeedle(n) && n % 20 === 0 ? '{"a":"needle"}' : undefined),
      );
      for (let from = 0; from < logs.length; from += 2_020) {
        await here.database.logs.write(logs.slice(from, from + 2_020));
      }
      const needles = idsOf(newestFirst(logs.filter(({ details }) => details.includes("needle"))));
      const writing = arrive(times(ARRIVING, (n) => small({ countedAtMs: nowMs + n })));
      const found: (readonly string[])[] = [];
      do found.push(idsOf(await everyLog(here, { userId: user, text: "needle" }, 50)));
      while (!writing.isDone());
      await writing.done;
      for (const ids of found) expect(ids).toEqual(needles);
    });
  });
}
