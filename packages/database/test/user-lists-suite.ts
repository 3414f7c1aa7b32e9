import { accountOf } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { NewUser, UserChange, UserPosition } from "../src/index.ts";
import { firstGrantOf } from "./commands.ts";
import { newEvent, newUser, newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/** Lists of users, and when users were seen, on every database. */
export function describeUserLists(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const create = (user: NewUser) =>
    here.database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 1), event: newEvent() });
  const changeUser = async (change: UserChange) => (await here.database.users.change(change)).ok;

  describe("lists of users", () => {
    test("list filters by id prefix and role, in pages ordered by id, without deleted users", async () => {
      const prefix = newUserId();
      const ids = times(5, (n) => `${prefix}-${n}` as typeof prefix);
      for (const id of ids) await create(newUser(id));
      const [first, second, third, gone, last] = ids as [typeof prefix, ...(typeof prefix)[]];
      await changeUser({ id: `${gone}` as typeof prefix, set: { deletedAtMs: 1 }, event: newEvent() });
      await changeUser({
        id: `${third}` as typeof prefix,
        set: { role: "support" },
        event: newEvent(),
      });
      const list = async (filter: object, before?: typeof prefix) => {
        const position = before && { id: before, createdAtMs: 0 };
        const users = await here.database.users.list({ prefix, ...filter }, { limit: 2, before: position });
        return users.map(({ id }) => id);
      };
      expect(await list({})).toEqual([first, second]);
      expect(await list({}, second)).toEqual([third, last]);
      expect(await list({ role: "support" })).toEqual([third]);
      expect(await list({ role: "support", orIds: [last, gone] })).toEqual([third, last]);
    });

    test("list filters by suspension and reads newest first, also users of the same millisecond", async () => {
      const prefix = newUserId();
      const ids = times(6, (n) => `${prefix}-${n}` as typeof prefix);
      const createdAtMs = [3, 1, 3, 2, 3, 4];
      for (const [n, id] of ids.entries()) await create({ ...newUser(id), createdAtMs: createdAtMs[n] ?? 0 });
      for (const id of ids.slice(0, 3)) await changeUser({ id, set: { suspendedAtMs: 5 }, event: newEvent() });
      const pagesOf = async (filter: object) => {
        const found: number[] = [];
        for (let before: UserPosition | undefined; ; ) {
          const page = await here.database.users.list({ prefix, ...filter }, { limit: 1, before });
          if (page.length === 0) return found;
          before = page[0];
          found.push(...page.map(({ id }) => ids.indexOf(id)));
        }
      };
      expect(await pagesOf({ isNewestFirst: true })).toEqual([5, 4, 2, 0, 3, 1]);
      expect(await pagesOf({ isNewestFirst: true, isSuspended: false })).toEqual([5, 4, 3]);
      expect(await pagesOf({ isNewestFirst: true, isSuspended: true, role: "user" })).toEqual([2, 0, 1]);
      expect(await pagesOf({ isSuspended: true })).toEqual([0, 1, 2]);
      expect(await pagesOf({ isSuspended: false, role: "user" })).toEqual([3, 4, 5]);
    });

    test("when a user was seen is stored once within a time, whatever servers store it concurrently", async () => {
      const { id } = newUser();
      await create(newUser(id));
      const seen = async () => (await here.database.users.find(id))?.lastSeenAtMs;
      expect(await seen()).toBeNull();
      await here.database.users.recordSeen(id, 1_000, 0);
      await Promise.all([2_000, 2_001].map((atMs) => here.database.users.recordSeen(id, atMs, 1_000)));
      expect(await seen()).toBe(1_000);
      await here.database.users.recordSeen(id, 3_000, 1_001);
      expect(await seen()).toBe(3_000);
    });

    test("of concurrent log-ins all are kept, newest first, and of many the last twenty", async () => {
      const { users } = here.database;
      const made = newUser();
      await create(made);
      expect(await users.signIns(made.id)).toEqual([]);
      const signIn = (atMs: number) => ({ atMs, address: "203.0.113.7", by: "password" });
      await Promise.all([1, 2, 3, 4, 5].map((atMs) => users.addSignIn(made.id, signIn(atMs))));
      const kept = await users.signIns(made.id);
      expect(kept.toSorted((one, other) => one.atMs - other.atMs)).toEqual([1, 2, 3, 4, 5].map(signIn));
      for (let atMs = 6; atMs <= 25; atMs += 1) await users.addSignIn(made.id, signIn(atMs));
      expect(await users.signIns(made.id)).toEqual(Array.from({ length: 20 }, (_, n) => signIn(25 - n)));
      await users.change({ id: made.id, set: { deletedAtMs: 1 }, event: newEvent() });
      await users.addSignIn(made.id, signIn(26));
      expect(await users.signIns(made.id)).toEqual([]);
    });

    test("preferences are stored one by one, null takes one back, and a deleted user has none to store", async () => {
      const { users } = here.database;
      const made = newUser();
      await create(made);
      const stored = async () => {
        const { language, timeZone } = (await users.find(made.id)) ?? {};
        return { language, timeZone };
      };
      expect(await stored()).toEqual({ language: null, timeZone: null });
      const zone = "America/Argentina/ComodRivadavia";
      await Promise.all([
        users.setPreferences(made.id, { language: "en" }),
        users.setPreferences(made.id, { timeZone: zone }),
      ]);
      expect(await stored()).toEqual({ language: "en", timeZone: zone });
      expect(await users.setPreferences(made.id, { language: null })).toBe(true);
      expect(await stored()).toEqual({ language: null, timeZone: zone });
      await users.change({ id: made.id, set: { deletedAtMs: 1 }, event: newEvent() });
      expect(await users.setPreferences(made.id, { language: "zh" })).toBe(false);
      expect(await users.setPreferences(newUser().id, { language: "zh" })).toBe(false);
    });

    test("balances are those of the accounts that exist", async () => {
      const [ann, bob] = [newUser(), newUser()];
      await create(ann);
      const ids = [ann.id, bob.id].map(accountOf);
      expect(await here.database.history.balances(ids)).toEqual(new Map([[accountOf(ann.id), 1]]));
    });
  });
}
