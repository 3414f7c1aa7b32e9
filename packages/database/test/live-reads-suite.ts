import { accountOf, type UserId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { type QuarterCalls, quarterOf } from "../src/index.ts";
import { consuming, granting, perform } from "./commands.ts";
import { newLog, newUserId, storedLog, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";
import { MINUTE_MS, newestFirst } from "./varied-logs.ts";

const inOrder = (all: readonly QuarterCalls[]) =>
  all.toSorted((one, other) => one.userId.localeCompare(other.userId) || one.quarter - other.quarter);

/** What finds out what is new for users, on every database. */
export function describeLiveReads(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const nowMs = Date.now();
  const now = quarterOf(nowMs);
  const at = (quarter: number) => ({ countedAtMs: quarter * 900_000 + 1_000 });

  describe("the calls of quarters of an hour", () => {
    test("each quarter from the first one on has the calls of a user, of all actions together", async () => {
      const [one, other] = [newUserId(), newUserId()];
      await here.database.logs.write([
        ...times(3, () => newLog(one, at(now))),
        newLog(one, { ...at(now), action: "image" }),
        newLog(one, at(now - 8)),
        newLog(one, at(now - 9)),
        newLog(one, at(now + 1)),
        newLog(other, at(now - 2)),
      ]);
      const found = await here.database.logs.quarterCalls([one, other, newUserId()], now - 8);
      expect(inOrder(found)).toEqual(
        inOrder([
          { userId: one, quarter: now - 8, calls: 1 },
          { userId: one, quarter: now, calls: 4 },
          { userId: one, quarter: now + 1, calls: 1 },
          { userId: other, quarter: now - 2, calls: 1 },
        ]),
      );
    });

    test.each([0, 1, 2, 10, 11, 100, 101, 250])("the calls of %i users are found together", async (count) => {
      const users: readonly UserId[] = times(count, () => newUserId());
      await here.database.logs.write(users.map((user) => newLog(user, at(now))));
      const found = await here.database.logs.quarterCalls(users, now);
      const expected = users.map((userId) => ({ userId, quarter: now, calls: 1 }));
      expect(inOrder(found)).toEqual(inOrder(expected));
    });

    test("a replayed log is not counted again", async () => {
      const user = newUserId();
      const log = newLog(user, { ...at(now), idempotencyKey: "once" });
      await here.database.logs.write([log]);
      await here.database.logs.write([{ ...log, id: newLog(user, at(now)).id }]);
      expect(await here.database.logs.quarterCalls([user], now)).toEqual([{ userId: user, quarter: now, calls: 1 }]);
    });
  });

  test("a list of what arrived since a time has late logs in the order in which they count", async () => {
    const user = newUserId();
    const logs = times(20, (n) =>
      newLog(user, { countedAtMs: nowMs - ((n * 7) % 20) * MINUTE_MS, createdAtMs: nowMs - n * 1_000 }),
    );
    await here.database.logs.write(logs);
    const receivedFromMs = nowMs - 9_000;
    const expected = newestFirst(logs.filter(({ createdAtMs }) => createdAtMs >= receivedFromMs).map(storedLog));
    expect(expected).toHaveLength(10);
    const page = await here.database.logs.list({ userId: user, receivedFromMs }, 20);
    expect(page).toEqual({ logs: expected, lastId: undefined });
    const first = await here.database.logs.list({ userId: user, receivedFromMs }, 4);
    expect(first).toEqual({ logs: expected.slice(0, 4), lastId: expected[3]?.id });
    const fromId = expected[5]?.id;
    expect((await here.database.logs.list({ userId: user, receivedFromMs, fromId }, 20)).logs).toHaveLength(6);
  });

  test("the number of the last entry of an account grows with each change of its balance", async () => {
    const [one, other] = [accountOf(newUserId()), accountOf(newUserId())];
    await perform(here.database.ledger, granting(one, 10));
    await perform(here.database.ledger, granting(other, 10));
    await perform(here.database.ledger, consuming(one, 1));
    const numbers = await here.database.history.sequences([one, other, accountOf(newUserId())]);
    expect(numbers).toEqual(
      new Map([
        [one, 2],
        [other, 1],
      ]),
    );
    expect(await here.database.history.sequences([])).toEqual(new Map());
    await perform(here.database.ledger, consuming(one, 99));
    expect((await here.database.history.sequences([one])).get(one)).toBe(2);
  });
}
