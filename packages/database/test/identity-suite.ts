import { accountOf, type UserId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { LinkUse, NewUser, OneTimeLink, UserChange } from "../src/index.ts";
import { firstGrantOf, recordEvent } from "./commands.ts";
import { newEvent, newUser, newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/** The behavior of user changes, ended sessions, one-time links and the audit log on every database. */
export function describeIdentity(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const create = async (user: NewUser = newUser(), link?: LinkUse) => {
    const creation = { user, firstGrant: firstGrantOf(accountOf(user.id), 1), event: newEvent(), link };
    return { user, isMade: await here.database.users.create(creation) };
  };
  const changeUser = async (change: UserChange) => (await here.database.users.change(change)).ok;
  const eventsOf = (subject: string) => here.database.auditLog.list({ subject }, { limit: 100 });

  describe("a change of a user", () => {
    test("a change sets the given fields only and writes its audit event", async () => {
      const { user } = await create();
      const event = newEvent({ subject: `user:${user.id}`, details: '{"role":"finance"}' });
      expect(await changeUser({ id: user.id, set: { role: "finance" }, event })).toBe(true);
      expect(await here.database.users.find(user.id)).toMatchObject({ ...user, role: "finance", tokenVersion: 1 });
      expect(await eventsOf(event.subject)).toEqual([event]);
    });

    test("a price group is stored exactly as it is given, and null takes it away", async () => {
      const { user } = await create();
      for (const priceGroup of ["VIP-2", null]) {
        expect(await changeUser({ id: user.id, set: { priceGroup }, event: newEvent() })).toBe(true);
        expect(await here.database.users.find(user.id)).toMatchObject({ priceGroup });
      }
    });

    test("a change without fields writes its audit event if the user exists", async () => {
      const { user } = await create();
      const event = newEvent({ subject: `user:${user.id}` });
      expect(await changeUser({ id: user.id, set: {}, event })).toBe(true);
      expect(await eventsOf(event.subject)).toEqual([event]);
      expect(await changeUser({ id: newUserId(), set: {}, event: newEvent() })).toBe(false);
    });

    test("concurrent changes that end sessions raise the token version once each", async () => {
      const { user } = await create();
      const endsSessionsAtMs = 1_700_000_000_777;
      const change = () => changeUser({ id: user.id, set: {}, endsSessionsAtMs, event: newEvent() });
      expect(await Promise.all(times(10, change))).toEqual(times(10, () => true));
      const found = await here.database.users.find(user.id);
      expect(found).toMatchObject({ tokenVersion: 11, sessionsEndedAtMs: endsSessionsAtMs });
    });

    test("a change of an unknown or deleted user changes nothing and writes no event", async () => {
      const { user } = await create();
      const gone = { id: user.id, set: { deletedAtMs: 1_700_000_000_000 }, event: newEvent() };
      expect(await changeUser(gone)).toBe(true);
      for (const id of [user.id, newUserId()]) {
        const event = newEvent({ subject: `user:${id}` });
        expect(await changeUser({ id, set: { role: "admin" }, event })).toBe(false);
        expect(await eventsOf(event.subject)).toEqual([]);
      }
      expect(await here.database.users.find(user.id)).toMatchObject({ role: "user" });
      expect((await create(user)).isMade).toBe(false);
    });

    test("concurrent changes never remove the last admin", async () => {
      const admins = await Promise.all(
        times(6, async () => {
          const { user } = await create({ ...newUser(), role: "admin" });
          return user.id;
        }),
      );
      const restrictions = [{ role: "user" }, { suspendedAtMs: 1 }, { deletedAtMs: 1 }];
      const subject = `user:${newUserId()}`;
      const restrict = (id: UserId, n = 0, adminIds: readonly UserId[] = []) => {
        const event = newEvent({ subject });
        return changeUser({
          id,
          set: restrictions[n % 3] ?? {},
          leavesAnAdmin: { ids: adminIds },
          event,
        });
      };
      // Other tests have created admins in this database: from here on they are not admins.
      for (const { id } of await here.database.users.list({ role: "admin" }, { limit: 100 })) {
        if (!admins.includes(id)) await changeUser({ id, set: { role: "user" }, event: newEvent() });
      }
      const made = await Promise.all(admins.map((id, n) => restrict(id, n)));
      expect(made.filter((isMade) => !isMade)).toHaveLength(1);
      expect(await eventsOf(subject)).toHaveLength(admins.length - 1);
      const last = admins.filter((_, n) => !made[n]) as [UserId];
      const { user: adminBySettings } = await create();
      expect(await restrict(last[0])).toBe(false);
      expect(await restrict(last[0], 0, [adminBySettings.id])).toBe(true);
      expect(await restrict(adminBySettings.id, 0, [adminBySettings.id])).toBe(false);
    });

    test("a user who is not an admin can be restricted while no admin exists", async () => {
      const { user } = await create();
      for (const { id } of await here.database.users.list({ role: "admin" }, { limit: 100 })) {
        await changeUser({ id, set: { role: "user" }, event: newEvent() });
      }
      const change = { id: user.id, set: { suspendedAtMs: 1 }, leavesAnAdmin: { ids: [] }, event: newEvent() };
      expect(await changeUser(change)).toBe(true);
      expect(await here.database.users.find(user.id)).toMatchObject({ suspendedAtMs: 1 });
    });

    test("a refused change of a user names its reason", async () => {
      const { user } = await create({ ...newUser(), role: "admin" });
      for (const { id } of await here.database.users.list({ role: "admin" }, { limit: 100 })) {
        if (id !== user.id) await changeUser({ id, set: { role: "user" }, event: newEvent() });
      }
      const refusalOf = async (change: Partial<UserChange>) => {
        const outcome = await here.database.users.change({ id: user.id, set: {}, event: newEvent(), ...change });
        return outcome.ok ? undefined : outcome.refusal.code;
      };
      expect(await refusalOf({ id: newUserId() })).toBe("USER_NOT_FOUND");
      expect(await refusalOf({ leavesAnAdmin: { ids: [] } })).toBe("LAST_ADMIN");
      expect(await refusalOf({ id: newUserId(), leavesAnAdmin: { ids: [] } })).toBe("USER_NOT_FOUND");
      const link = { userId: user.id, purpose: "password", secretHash: "unknown", nowMs: 0 } as const;
      expect(await refusalOf({ link, leavesAnAdmin: { ids: [] } })).toBe("LINK_EXPIRED");
      expect(await refusalOf({})).toBeUndefined();
    });

    test("a change to an unknown role is refused", async () => {
      const { user } = await create();
      const change = { id: user.id, set: { role: "root" }, event: newEvent() };
      await expect(changeUser(change)).rejects.toThrow();
    });
  });

  describe("a session that was ended", () => {
    test("an ended session is stored once for its user and deleted after it would have expired", async () => {
      const [ann, bob] = [newUserId(), newUserId()];
      const end = (jti: string, expiresAtMs: number, nowMs: number) =>
        here.database.users.endToken({ userId: ann, jti, expiresAtMs }, nowMs);
      await end("one", 1_000, 0);
      await Promise.all([end("two", 9_000, 0), end("two", 9_000, 0)]);
      expect(await here.database.users.endedTokens([ann, bob])).toEqual(new Map([[ann, new Set(["one", "two"])]]));
      await end("three", 9_000, 2_000);
      expect(await here.database.users.endedTokens([ann])).toEqual(new Map([[ann, new Set(["two", "three"])]]));
    });
  });

  describe("a token that works once", () => {
    test("of concurrent uses of a token that works once, one succeeds", async () => {
      const [ann, bob] = [newUserId(), newUserId()];
      const use = (id: typeof ann, jti: string) =>
        here.database.users.useToken({ userId: id, jti, expiresAtMs: 9_000 });
      const uses = await Promise.all([use(ann, "one"), use(ann, "one"), use(ann, "one")]);
      expect(uses.filter(Boolean)).toHaveLength(1);
      expect(await use(ann, "one")).toBe(false);
      expect(await use(ann, "two")).toBe(true);
      expect(await use(bob, "one")).toBe(true);
      // They are no sessions: the number of sessions that a user can end one by one does not shrink.
      expect(await here.database.users.endedTokens([ann, bob])).toEqual(new Map());
      await here.database.users.endToken({ userId: ann, jti: "one", expiresAtMs: 9_000 }, 0);
      expect(await here.database.users.endedTokens([ann])).toEqual(new Map([[ann, new Set(["one"])]]));
    });
  });

  describe("a one-time link", () => {
    const newLink = (link: Partial<OneTimeLink> = {}): OneTimeLink => ({
      userId: newUserId(),
      purpose: "password",
      secretHash: "hash-1",
      payload: '{"name":"安"}',
      expiresAtMs: 2_000,
      createdAtMs: 1_000,
      issuer: "mail",
      ...link,
    });
    const use = ({ userId, purpose, secretHash }: OneTimeLink, nowMs = 1_500): LinkUse => ({
      userId,
      purpose,
      secretHash,
      nowMs,
    });

    test("a link is found by its user, purpose and secret until it expires", async () => {
      const { links } = here.database;
      const link = newLink();
      await links.put(link);
      expect(await links.find(use(link))).toEqual(link);
      expect(await links.find({ ...use(link), secretHash: "hash-2" })).toBeUndefined();
      expect(await links.find({ ...use(link), purpose: "registration" })).toBeUndefined();
      expect(await links.find(use(link, 2_000))).toBeUndefined();
      expect(await links.find(use(link, 1_999))).toEqual(link);
    });

    test("a new link replaces the previous one of the same purpose", async () => {
      const { links } = here.database;
      const link = newLink();
      await links.put(link);
      await links.put({ ...link, secretHash: "hash-2", expiresAtMs: 3_000 });
      expect(await links.find(use(link))).toBeUndefined();
      expect(await links.find({ ...use(link), secretHash: "hash-2" })).toMatchObject({ expiresAtMs: 3_000 });
    });

    test("of fifty concurrent changes that use one link, exactly one is made, with one event", async () => {
      const { user } = await create();
      const link = newLink({ userId: user.id });
      await here.database.links.put(link);
      const subject = `user:${user.id}`;
      const writeSet = times(50, (n) =>
        changeUser({
          id: user.id,
          set: { passwordHash: `hash-${n}` },
          event: newEvent({ subject }),
          link: use(link),
        }),
      );
      const made = await Promise.all(writeSet);
      expect(made.filter(Boolean)).toHaveLength(1);
      const found = await here.database.users.find(user.id);
      expect(found?.passwordHash).toBe(`hash-${made.indexOf(true)}`);
      expect(await eventsOf(subject)).toHaveLength(1);
    });

    test("of fifty concurrent creations that use one link, exactly one succeeds, and an expired link creates no user", async () => {
      const link = newLink({ purpose: "first-admin" });
      await here.database.links.put(link);
      expect((await create(newUser(), use(link, 2_000))).isMade).toBe(false);
      const made = await Promise.all(times(50, () => create(newUser(), use(link))));
      expect(made.filter(({ isMade }) => isMade)).toHaveLength(1);
      for (const { user, isMade } of made) {
        expect((await here.database.users.find(user.id)) !== undefined).toBe(isMade);
      }
    });
  });

  describe("the audit log", () => {
    test("list filters events and returns pages, newest first", async () => {
      const actor = `user:${newUserId()}`;
      const events = times(4, (n) =>
        newEvent({ id: `event-${actor}-${n}`, actor, atMs: 1_000 + n, action: n % 2 ? "keys.revoke" : "keys.create" }),
      );
      for (const event of events) await recordEvent(here.database.ledger, event);
      const list = async (filter: object, page = {}) =>
        (await here.database.auditLog.list({ actor, ...filter }, { limit: 2, ...page })).map(({ atMs }) => atMs);
      expect(await list({})).toEqual([1_003, 1_002]);
      expect(await list({}, { before: events[2]?.id })).toEqual([1_001, 1_000]);
      expect(await list({ action: "keys.revoke" })).toEqual([1_003, 1_001]);
      expect(await list({ fromMs: 1_001, toMs: 1_003 })).toEqual([1_002, 1_001]);
    });

    // MongoDB has no triggers: mongodb-idempotency.test.ts tests that the code never sends such a write.
    test.skipIf(kind === "mongodb")("the database refuses to change or delete events", async () => {
      const event = newEvent();
      await recordEvent(here.database.ledger, event);
      for (const sql of ["UPDATE audit_events SET reason = 'none'", "DELETE FROM audit_events"]) {
        await expect(here.sql.query(sql)).rejects.toThrow(/never/);
      }
      expect(await eventsOf(event.subject)).toEqual([event]);
    });
  });
}
