import { setImmediate } from "node:timers/promises";
import { userId } from "@jifen/core";
import type { User } from "@jifen/database";
import { describe, expect, test } from "vitest";
import { createUserCache } from "./user-cache.ts";

const ann = userId("ann@example.com");

const userAt = (tokenVersion: number): User => ({
  id: ann,
  email: ann,
  name: "ann",
  passwordHash: null,
  role: "user",
  tokenVersion,
  sessionsEndedAtMs: 0,
  suspendedAtMs: null,
  deletedAtMs: null,
  createdAtMs: 0,
});

/** A store that answers when it is told to, with the user as it was when it was asked. */
function slowStore() {
  const asked: (() => void)[] = [];
  const store = {
    version: 1,
    asked,
    findMany: async () => {
      const found = [userAt(store.version)];
      const { promise, resolve } = Promise.withResolvers<void>();
      asked.push(resolve);
      await promise;
      return found;
    },
    endedTokens: async () => new Map(),
  };
  return store;
}

describe("what is known of a user", () => {
  test("is looked up anew after it was forgotten, and whoever waits for the look-up before is answered too", async () => {
    const store = slowStore();
    const users = createUserCache(store, new Set());
    const before = users.find(ann);
    await expect.poll(() => store.asked.length).toBe(1);
    store.version = 2;
    users.forget(ann);
    const after = users.find(ann);
    await expect.poll(() => store.asked.length).toBe(2);
    for (const answer of store.asked) answer();
    expect([(await before)?.tokenVersion, (await after)?.tokenVersion]).toEqual([1, 2]);
    expect((await users.find(ann))?.tokenVersion).toBe(2);
  });

  test("is nothing for somebody who was not there when it was looked up, though somebody forgot meanwhile", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const store = { findMany: () => promise.then(() => []), endedTokens: async () => new Map() };
    const users = createUserCache(store, new Set());
    const before = users.find(ann);
    await setImmediate();
    users.forget(ann);
    resolve();
    expect(await before).toBeUndefined();
  });

  test("is nothing once the user is deleted, and admin for those whom the settings name", async () => {
    const store = { findMany: async () => [userAt(1)], endedTokens: async () => new Map() };
    expect((await createUserCache(store, new Set([ann])).find(ann))?.role).toBe("admin");
    const gone = { ...store, findMany: async () => [{ ...userAt(1), deletedAtMs: 1 }] };
    expect(await createUserCache(gone, new Set()).find(ann)).toBeUndefined();
  });
});
