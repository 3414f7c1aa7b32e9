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
  claim: null,
  whitelistTag: null,
  priceGroup: null,
  language: null,
  timeZone: null,
  lastSeenAtMs: null,
});

/** A store whose reads the test resolves; a read returns the user as it was when the read began. */
function createSlowStore() {
  const pendingReads: (() => void)[] = [];
  const store = {
    version: 1,
    pendingReads,
    findMany: async () => {
      const found = [userAt(store.version)];
      const { promise, resolve } = Promise.withResolvers<void>();
      pendingReads.push(resolve);
      await promise;
      return found;
    },
    endedTokens: async () => new Map(),
  };
  return store;
}

describe("the user cache", () => {
  test("forget makes the next look-up read the database again, and a look-up in progress still resolves", async () => {
    const store = createSlowStore();
    const users = createUserCache(store, new Set());
    const before = users.find(ann);
    await expect.poll(() => store.pendingReads.length).toBe(1);
    store.version = 2;
    users.forget(ann);
    const after = users.find(ann);
    await expect.poll(() => store.pendingReads.length).toBe(2);
    for (const resolve of store.pendingReads) resolve();
    expect([(await before)?.tokenVersion, (await after)?.tokenVersion]).toEqual([1, 2]);
    expect((await users.find(ann))?.tokenVersion).toBe(2);
  });

  test("a look-up of an unknown user resolves with undefined after forget during the look-up", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const store = { findMany: () => promise.then(() => []), endedTokens: async () => new Map() };
    const users = createUserCache(store, new Set());
    const before = users.find(ann);
    await setImmediate();
    users.forget(ann);
    resolve();
    expect(await before).toBeUndefined();
  });

  test("a deleted user is not found, and a user that ADMIN_EMAILS names is an admin", async () => {
    const store = { findMany: async () => [userAt(1)], endedTokens: async () => new Map() };
    expect((await createUserCache(store, new Set([ann])).find(ann))?.role).toBe("admin");
    const deleted = { ...store, findMany: async () => [{ ...userAt(1), deletedAtMs: 1 }] };
    expect(await createUserCache(deleted, new Set()).find(ann)).toBeUndefined();
  });
});
