import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { OneTimeLink } from "../src/index.ts";
import { newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/** The behavior of shared counters and of deleteExpired on every database. */
export function describeCounters(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const newKey = () => `login ${newUserId()} 198.51.100.7`;

  describe("a counter", () => {
    test("a counter counts a hundred concurrent calls exactly, and starts again after it has expired", async () => {
      const { counters } = here.database;
      const key = newKey();
      const counts = await Promise.all(times(100, () => counters.add(key, { nowMs: 1_000, expiresAtMs: 2_000 })));
      expect(counts.map(({ points }) => points).toSorted((a, b) => a - b)).toEqual(times(100, (n) => n + 1));
      for (const { expiresAtMs } of counts) expect(expiresAtMs).toBe(2_000);
      expect(await counters.find(key, 1_999)).toEqual({ points: 100, expiresAtMs: 2_000 });
      expect(await counters.find(key, 2_000)).toBeUndefined();
      expect(await counters.add(key, { nowMs: 2_000, expiresAtMs: 3_000 })).toEqual({ points: 1, expiresAtMs: 3_000 });
    });

    test("a counter keeps the expiry of its first call", async () => {
      const { counters } = here.database;
      const key = newKey();
      await counters.add(key, { nowMs: 1_000, expiresAtMs: 2_000 });
      expect(await counters.add(key, { nowMs: 1_500, expiresAtMs: 9_000 })).toEqual({ points: 2, expiresAtMs: 2_000 });
    });

    test("a counter adds points, and starts with them again after it has expired", async () => {
      const { counters } = here.database;
      const key = newKey();
      const big = 4_000_000_000;
      await counters.add(key, { nowMs: 1_000, expiresAtMs: 2_000 }, 500);
      expect(await counters.add(key, { nowMs: 1_500, expiresAtMs: 2_500 }, big)).toMatchObject({ points: big + 500 });
      expect(await counters.add(key, { nowMs: 2_000, expiresAtMs: 3_000 }, 7)).toEqual({
        points: 7,
        expiresAtMs: 3_000,
      });
    });

    test("a removed counter starts again", async () => {
      const { counters } = here.database;
      const [key, other] = [newKey(), newKey()];
      for (const each of [key, key, other]) await counters.add(each, { nowMs: 1_000, expiresAtMs: 2_000 });
      await counters.remove(key);
      expect(await counters.find(key, 1_000)).toBeUndefined();
      expect(await counters.find(other, 1_000)).toMatchObject({ points: 1 });
    });
  });

  test("deleteExpired deletes expired links, ended sessions and counters, and no other row", async () => {
    const { counters, links, users } = here.database;
    const [gone, stays] = [newUserId(), newUserId()];
    const link: OneTimeLink = {
      userId: gone,
      purpose: "registration",
      secretHash: "hash-1",
      payload: null,
      expiresAtMs: 2_000,
      createdAtMs: 1_000,
      issuer: "mail",
    };
    await links.put(link);
    await links.put({ ...link, userId: stays, expiresAtMs: 2_001 });
    await users.endToken({ userId: gone, jti: "one", expiresAtMs: 2_000 }, 0);
    await users.endToken({ userId: stays, jti: "two", expiresAtMs: 2_001 }, 0);
    await counters.add(`mail ${gone}`, { nowMs: 1_000, expiresAtMs: 2_000 });
    await counters.add(`mail ${stays}`, { nowMs: 1_000, expiresAtMs: 2_001 });
    await here.database.deleteExpired(2_001);
    const count = async (table: string) => (await here.rows.find(table)).length;
    expect([await count("one_time_links"), await count("ended_tokens")]).toEqual([1, 1]);
    expect(await users.endedTokens([gone, stays])).toEqual(new Map([[stays, new Set(["two"])]]));
    expect(await counters.find(`mail ${stays}`, 1_000)).toMatchObject({ points: 1 });
    expect(await counters.find(`mail ${gone}`, 1_000)).toBeUndefined();
  });
}
