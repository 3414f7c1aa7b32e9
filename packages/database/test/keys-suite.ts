import { randomUUID } from "node:crypto";
import type { UserId } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { NewServiceKey } from "../src/index.ts";
import { newEvent, newUserId } from "./samples.ts";
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

/** What every database must do for service keys. */
export function describeKeys(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const create = async (key: NewServiceKey) => {
    await here.database.keys.create(key, newEvent({ subject: `key:${key.id}` }));
    return key;
  };
  const found = async (id: string) => (await here.database.keys.findMany([id]))[0];
  const eventsOf = async (id: string) =>
    (await here.database.auditLog.list({ subject: `key:${id}` }, { limit: 100 })).length;

  describe("a service key", () => {
    test("comes back as it was made, with its event", async () => {
      const key = await create(newKey(newUserId(), { expiresAtMs: 1_800_000_000_000 }));
      expect(await found(key.id)).toEqual({ ...key, ...unused });
      expect(await here.database.keys.findMany(["nobody", key.id])).toHaveLength(1);
      expect(await eventsOf(key.id)).toBe(1);
    });

    test("is listed with others of its owner, newest first, page by page", async () => {
      const owner = newUserId();
      // Two of the same moment: the id decides.
      const [a, b, c] = [
        newKey(owner, { id: `a${randomUUID()}` }),
        newKey(owner, { id: `b${randomUUID()}` }),
        newKey(owner, { createdAtMs: 1 }),
      ];
      for (const key of [b, c, a, newKey(newUserId())]) await create(key);
      const first = await here.database.keys.list(owner, { limit: 2 });
      expect(first.map(({ id }) => id)).toEqual([b.id, a.id]);
      const rest = await here.database.keys.list(owner, { limit: 2, before: first[1] });
      expect(rest.map(({ id }) => id)).toEqual([c.id]);
    });

    test("is counted while it opens something", async () => {
      const owner = newUserId();
      const keys = [newKey(owner), newKey(owner, { expiresAtMs: 2_000 }), newKey(owner, { expiresAtMs: 1_000 })];
      for (const key of keys) await create(key);
      expect(await here.database.keys.countLive(owner, 1_000)).toBe(2);
      await here.database.keys.revoke(`${keys[0]?.id}`, 1_000, newEvent());
      expect(await here.database.keys.countLive(owner, 1_000)).toBe(1);
    });

    test("that is rotated keeps the secret before, and of many rotations at once each that is done is kept", async () => {
      const key = await create(newKey(newUserId()));
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

    test("is revoked once, and not rotated any more", async () => {
      const key = await create(newKey(newUserId()));
      const revoke = () => here.database.keys.revoke(key.id, 1_000, newEvent({ subject: `key:${key.id}` }));
      expect((await Promise.all([revoke(), revoke(), revoke()])).filter(Boolean)).toHaveLength(1);
      const to = { secretHash: "b".repeat(64), previousUntilMs: 9 };
      expect(await here.database.keys.rotate(key.id, to, newEvent({ subject: `key:${key.id}` }))).toBe(false);
      expect(await found(key.id)).toEqual({ ...key, ...unused, revokedAtMs: 1_000 });
      expect(await eventsOf(key.id)).toBe(2);
    });

    test("has the time of its last use", async () => {
      const key = await create(newKey(newUserId()));
      await here.database.keys.noteUses(
        new Map([
          [key.id, 1_234],
          ["nobody", 1],
        ]),
      );
      expect(await found(key.id)).toMatchObject({ lastUsedAtMs: 1_234 });
    });
  });
}
