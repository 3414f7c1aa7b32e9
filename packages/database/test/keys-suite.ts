import { randomUUID } from "node:crypto";
import { accountOf, ok, refuse, type UserId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { type LiveLimit, type NewServiceKey, openDatabase } from "../src/index.ts";
import { firstGrantOf } from "./commands.ts";
import { newEvent, newUser, newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

const newKey = (ownerId: UserId, key: Partial<NewServiceKey> = {}): NewServiceKey => ({
  id: randomUUID().slice(0, 12),
  ownerId,
  name: "视频 worker",
  scopes: ["credits:spend", "act-as"],
  secretHash: "a".repeat(64),
  createdBy: `user:${ownerId}`,
  createdAtMs: 1_700_000_000_000,
  expiresAtMs: null,
  ...key,
});

const unused = { previousHash: null, previousUntilMs: null, revokedAtMs: null, lastUsedAtMs: null };

/** The behavior of service keys on every database. */
export function describeKeys(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const newOwner = async () => {
    const user = newUser();
    await here.database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 1), event: newEvent() });
    return user.id;
  };
  const make = (key: NewServiceKey, limit: Partial<LiveLimit> = {}, { keys } = here.database) =>
    keys.create(key, { mostLive: 50, nowMs: 1_000, ...limit }, newEvent({ subject: `key:${key.id}` }));
  const create = async (key: NewServiceKey) => {
    expect(await make(key)).toEqual(ok(undefined));
    return key;
  };
  const found = async (id: string) => (await here.database.keys.findMany([id]))[0];
  const eventsOf = async (id: string) =>
    (await here.database.auditLog.list({ subject: `key:${id}` }, { limit: 100 })).length;

  describe("a service key", () => {
    test("a created key is stored with its audit event", async () => {
      const key = await create(newKey(await newOwner(), { expiresAtMs: 1_800_000_000_000 }));
      expect(await found(key.id)).toEqual({ ...key, ...unused });
      expect(await here.database.keys.findMany(["missing", key.id])).toHaveLength(1);
      expect(await eventsOf(key.id)).toBe(1);
    });

    test("list returns the keys of an owner in pages, newest first", async () => {
      const owner = await newOwner();
      // Two keys with the same time are ordered by id.
      const [a, b, c] = [
        newKey(owner, { id: `a${randomUUID()}` }),
        newKey(owner, { id: `b${randomUUID()}` }),
        newKey(owner, { createdAtMs: 1 }),
      ];
      for (const key of [b, c, a, newKey(await newOwner())]) await create(key);
      const first = await here.database.keys.list(owner, { limit: 2 });
      expect(first.map(({ id }) => id)).toEqual([b.id, a.id]);
      const rest = await here.database.keys.list(owner, { limit: 2, before: first[1] });
      expect(rest.map(({ id }) => id)).toEqual([c.id]);
    });

    test("the key limit counts the valid keys of the owner: not revoked and not expired", async () => {
      const owner = await newOwner();
      const keys = [newKey(owner), newKey(owner, { expiresAtMs: 2_000 }), newKey(owner, { expiresAtMs: 1_000 })];
      for (const key of keys) await create(key);
      await create(newKey(await newOwner()));
      const oneMore = newKey(owner);
      expect(await make(oneMore, { mostLive: 2 })).toEqual(refuse({ code: "KEY_LIMIT_REACHED", limit: 2 }));
      expect(await found(oneMore.id)).toBeUndefined();
      expect(await eventsOf(oneMore.id)).toBe(0);
      await here.database.keys.revoke(`${keys[0]?.id}`, 1_000, newEvent());
      expect(await make(oneMore, { mostLive: 2 })).toEqual(ok(undefined));
    });

    test("concurrent creations through two connections never exceed the key limit", async () => {
      const owner = await newOwner();
      // Two SQLite connections in one thread would block each other for ever.
      const other = kind === "sqlite" ? here.database : await openDatabase(here.secondUrl, { migrate: false });
      try {
        const keys = times(24, () => newKey(owner));
        const made = await Promise.all(
          keys.map((key, n) => make(key, { mostLive: 5 }, n % 2 === 0 ? here.database : other)),
        );
        expect(made.filter(({ ok: isMade }) => isMade)).toHaveLength(5);
        const listed = await here.database.keys.list(owner, { limit: 100 });
        expect(listed.map(({ id }) => id).sort()).toEqual(
          keys
            .filter((_, n) => made[n]?.ok)
            .map(({ id }) => id)
            .sort(),
        );
      } finally {
        if (other !== here.database) await other.close();
      }
    });

    test("creating a key for an unknown or deleted owner is refused", async () => {
      const gone = await newOwner();
      await here.database.users.change({ id: gone, set: { deletedAtMs: 1 }, event: newEvent() });
      for (const owner of [gone, newUserId()]) {
        const key = newKey(owner);
        expect(await make(key)).toEqual(refuse({ code: "USER_NOT_FOUND" }));
        expect(await found(key.id)).toBeUndefined();
      }
    });

    test("a rotation keeps the previous secret, and concurrent rotations lose no secret that was returned", async () => {
      const key = await create(newKey(await newOwner()));
      const hashes = Array.from({ length: 20 }, (_, n) => String(n).padStart(64, "0"));
      const done = await Promise.all(
        hashes.map((secretHash) =>
          here.database.keys.rotate(key.id, { secretHash, previousUntilMs: 5 }, newEvent({ subject: `key:${key.id}` })),
        ),
      );
      const kept = hashes.filter((_, n) => done[n]);
      const now = await found(key.id);
      expect(kept).toContain(now?.secretHash);
      expect([key.secretHash, ...kept]).toContain(now?.previousHash);
      expect(now?.previousHash).not.toBe(now?.secretHash);
      expect(await eventsOf(key.id)).toBe(1 + kept.length);
    });

    test("a key is revoked once and cannot be rotated afterwards", async () => {
      const key = await create(newKey(await newOwner()));
      const revoke = () => here.database.keys.revoke(key.id, 1_000, newEvent({ subject: `key:${key.id}` }));
      expect((await Promise.all([revoke(), revoke(), revoke()])).filter(Boolean)).toHaveLength(1);
      const to = { secretHash: "b".repeat(64), previousUntilMs: 9 };
      expect(await here.database.keys.rotate(key.id, to, newEvent({ subject: `key:${key.id}` }))).toBe(false);
      expect(await found(key.id)).toEqual({ ...key, ...unused, revokedAtMs: 1_000 });
      expect(await eventsOf(key.id)).toBe(2);
    });

    test("recordUses stores the time of the last use", async () => {
      const key = await create(newKey(await newOwner()));
      await here.database.keys.recordUses(
        new Map([
          [key.id, 1_234],
          ["missing", 1],
        ]),
      );
      expect(await found(key.id)).toMatchObject({ lastUsedAtMs: 1_234 });
    });
  });
}
