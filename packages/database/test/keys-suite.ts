import { randomUUID } from "node:crypto";
import { accountOf, ok, refuse, type UserId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { type KeyFilter, type LiveLimit, type NewServiceKey, openDatabase, type ServiceKey } from "../src/index.ts";
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

const unused = {
  previousHash: null,
  previousUntilMs: null,
  revokedAtMs: null,
  lastUsedAtMs: null,
  grantLimitPerDay: null,
};

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
  const endpointOf = async (ownerId: UserId, createdBy: string) => {
    const id = `endpoint-${randomUUID()}`;
    const made = { ownerId, id, url: "https://example.com", events: ["code.redeemed"], allUsers: false };
    const by = { secret: "whsec_a", createdBy, createdAtMs: 1 };
    expect(await here.database.webhooks.create({ ...made, ...by }, 50, newEvent())).toEqual(ok(undefined));
    return id;
  };

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
      const first = await here.database.keys.list({ ownerId: owner }, { limit: 2 });
      expect(first.map(({ id }) => id)).toEqual([b.id, a.id]);
      const rest = await here.database.keys.list({ ownerId: owner }, { limit: 2, before: first[1] });
      expect(rest.map(({ id }) => id)).toEqual([c.id]);
    });

    test("list returns the keys of all owners, and filters them by revocation and expiry in pages", async () => {
      const owners = [await newOwner(), await newOwner()] as const;
      const made: NewServiceKey[] = [];
      for (const [n, expiresAtMs] of [null, 1_000, 2_000, 3_000, 2_000, null].entries()) {
        made.push(await create(newKey(n % 2 === 0 ? owners[0] : owners[1], { createdAtMs: n + 1, expiresAtMs })));
      }
      for (const n of [4, 5]) await here.database.keys.revoke(`${made[n]?.id}`, 500, newEvent());
      const pagesOf = async (filter: KeyFilter) => {
        const found: number[] = [];
        for (let before: ServiceKey | undefined; ; ) {
          // Other tests have keys in the same table.
          const page = await here.database.keys.list(filter, { limit: 1, before });
          if (page.length === 0) return found.filter((n) => n >= 0);
          before = page[0];
          found.push(...page.map(({ id }) => made.findIndex((key) => key.id === id)));
        }
      };
      expect(await pagesOf({})).toEqual([5, 4, 3, 2, 1, 0]);
      expect(await pagesOf({ isRevoked: false })).toEqual([3, 2, 1, 0]);
      expect(await pagesOf({ isRevoked: true })).toEqual([5, 4]);
      expect(await pagesOf({ validAfterMs: 2_000, isRevoked: false })).toEqual([3, 0]);
      expect(await pagesOf({ validAfterMs: 1_000, expiresUntilMs: 2_000, isRevoked: false })).toEqual([2]);
      expect(await pagesOf({ expiresUntilMs: 2_000 })).toEqual([4, 2, 1]);
      expect(await pagesOf({ expiresUntilMs: 2_000, ownerId: owners[1] })).toEqual([1]);
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
        const listed = await here.database.keys.list({ ownerId: owner }, { limit: 100 });
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

    test("the webhook endpoints that a key created end when it is revoked, and no others", async () => {
      const owner = await newOwner();
      const key = await create(newKey(owner));
      const ofKey = await endpointOf(owner, `key:${key.id}`);
      const ofUser = await endpointOf(owner, `user:${owner}`);
      expect(await here.database.keys.revoke(key.id, 1_000, newEvent({ subject: `key:${key.id}` }))).toBe(true);
      expect((await here.database.webhooks.endpoints(owner)).map(({ id }) => id)).toEqual([ofUser]);
      expect(await here.database.webhooks.find(owner, ofKey)).toMatchObject({
        state: "ended",
        reason: "its key was revoked",
      });
    });

    test("of concurrent changes of a key one takes effect, and a concurrent rotation is not lost", async () => {
      const key = await create(newKey(await newOwner()));
      const to = { ...key, scopes: ["act-as"], expiresAtMs: 9_000 };
      const change = (name: string) =>
        here.database.keys.change(
          key.id,
          { from: key, to: { ...to, name }, endsEndpoints: false },
          newEvent({ subject: `key:${key.id}` }),
        );
      const rotate = async () => {
        const rotated = { secretHash: "b".repeat(64), previousUntilMs: 9 };
        while (!(await here.database.keys.rotate(key.id, rotated, newEvent({ subject: `key:${key.id}` }))));
      };
      const names = times(10, (n) => `name ${n}`);
      const [done] = await Promise.all([Promise.all(names.map(change)), rotate()]);
      expect(done.filter(Boolean)).toHaveLength(1);
      const name = names[done.indexOf(true)];
      expect(await found(key.id)).toEqual({
        ...key,
        ...unused,
        ...{ name, scopes: ["act-as"], expiresAtMs: 9_000 },
        ...{ secretHash: "b".repeat(64), previousHash: key.secretHash, previousUntilMs: 9 },
      });
      expect(await eventsOf(key.id)).toBe(3);
    });

    test("of a change and a revocation the revocation always takes effect, and a revoked key does not change", async () => {
      for (const n of times(5, (each) => each)) {
        const key = await create(newKey(await newOwner()));
        const event = () => newEvent({ subject: `key:${key.id}` });
        const change = { from: key, to: { ...key, name: "new" }, endsEndpoints: false };
        const acts = [
          () => here.database.keys.change(key.id, change, event()),
          () => here.database.keys.revoke(key.id, 1_000, event()),
        ];
        const ordered = n % 2 === 0 ? acts : acts.toReversed();
        const done = await Promise.all(ordered.map((act) => act()));
        const [isChanged, isRevoked] = n % 2 === 0 ? done : done.toReversed();
        expect(isRevoked).toBe(true);
        expect(await found(key.id)).toEqual({
          ...key,
          ...unused,
          name: isChanged ? "new" : key.name,
          revokedAtMs: 1_000,
        });
        expect(await here.database.keys.change(key.id, change, event())).toBe(false);
        expect(await eventsOf(key.id)).toBe(isChanged ? 3 : 2);
      }
    });

    test("the webhook endpoints that a key created end with a change that takes their scope, and no others", async () => {
      const owner = await newOwner();
      const key = await create(newKey(owner));
      const ofKey = await endpointOf(owner, `key:${key.id}`);
      const ofUser = await endpointOf(owner, `user:${owner}`);
      const renamed = { ...key, name: "renamed" };
      const change = (from: NewServiceKey, to: NewServiceKey, endsEndpoints: boolean) =>
        here.database.keys.change(key.id, { from, to, endsEndpoints }, newEvent());
      expect(await change(key, renamed, false)).toBe(true);
      expect((await here.database.webhooks.endpoints(owner)).map(({ id }) => id).toSorted()).toEqual(
        [ofKey, ofUser].toSorted(),
      );
      expect(await change(renamed, { ...renamed, scopes: ["act-as"] }, true)).toBe(true);
      expect((await here.database.webhooks.endpoints(owner)).map(({ id }) => id)).toEqual([ofUser]);
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
