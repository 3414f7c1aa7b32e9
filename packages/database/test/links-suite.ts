import { randomUUID } from "node:crypto";
import { accountOf, type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { LinkPurpose, NewUser, OneTimeLink, Parties, UserChange } from "../src/index.ts";
import { firstGrantOf } from "./commands.ts";
import { newEvent, newUser, newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/** How one-time links end, and how changes are authorized, on every database. */
export function describeLinks(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const create = async (user: Partial<NewUser> = {}, newLink?: (id: UserId) => OneTimeLink) => {
    const created = { ...newUser(), ...user };
    const { id } = created;
    const creation = { user: created, firstGrant: firstGrantOf(accountOf(id), 1), event: newEvent() };
    expect(await here.database.users.create({ ...creation, newLink: newLink?.(id) })).toBe(true);
    return id;
  };
  const linkOf = (userId: UserId, link: Partial<OneTimeLink> = {}): OneTimeLink => ({
    userId,
    purpose: "password",
    secretHash: randomUUID(),
    payload: null,
    expiresAtMs: 2_000,
    createdAtMs: 1_000,
    issuer: "mail",
    ...link,
  });
  const useOf = ({ userId, purpose, secretHash, issuer }: OneTimeLink) => ({
    ...{ userId, purpose, secretHash, issuer },
    nowMs: 1_500,
  });
  const isOpen = async (link: OneTimeLink) => (await here.database.links.find(useOf(link))) !== undefined;
  const open = async (userId: UserId, link: Partial<OneTimeLink> = {}) => {
    const made = linkOf(userId, link);
    await here.database.links.put(made);
    return made;
  };
  const change = (id: UserId, of: Partial<UserChange> = {}) =>
    here.database.users.change({ id, set: {}, event: newEvent({ subject: `user:${id}` }), ...of });

  describe("an open link", () => {
    test.each<{ says: string; of: Partial<UserChange>; ends: boolean }>([
      { says: "a password change", of: { set: { passwordHash: "other" } }, ends: true },
      { says: "the removal of the password", of: { set: { passwordHash: null } }, ends: true },
      { says: "a role change", of: { set: { role: "support" } }, ends: true },
      { says: "a suspension", of: { set: { suspendedAtMs: 5 } }, ends: true },
      { says: "the end of a suspension", of: { set: { suspendedAtMs: null } }, ends: true },
      { says: "a deletion", of: { set: { deletedAtMs: 5 } }, ends: true },
      { says: "the end of all sessions", of: { endsSessionsAtMs: 5 }, ends: true },
      { says: "a new name", of: { set: { name: "other" } }, ends: false },
      { says: "an event without a change", of: {}, ends: false },
      {
        says: "a refused suspension",
        of: { set: { suspendedAtMs: 5 }, authorize: () => refuse({ code: "FORBIDDEN" }) },
        ends: false,
      },
    ])("$says ends every open link for the user and by the user: $ends", async ({ of, ends }) => {
      const [id, other] = [await create(), await create()];
      const purposes: LinkPurpose[] = ["password", "registration", "first-admin"];
      const concerned = await Promise.all(purposes.map((purpose) => open(id, { purpose })));
      const issued = await open(other, { issuer: `user:${id}` });
      const unrelated = await open(other, { purpose: "registration" });
      await change(id, of);
      for (const link of [...concerned, issued]) expect(await isOpen(link)).toBe(!ends);
      expect(await isOpen(unrelated)).toBe(true);
    });

    test("creating a user ends the open links of the address, and stores the new link", async () => {
      const id = newUserId();
      const registration = await open(id, { purpose: "registration" });
      const password = linkOf(id);
      await create({ id, email: id }, () => password);
      expect([await isOpen(registration), await isOpen(password)]).toEqual([false, true]);
    });

    test.each(["created", "promoted"])("an admin who is %s ends the link to create the first admin", async (how) => {
      const link = await open(newUserId(), { purpose: "first-admin" });
      const id = await create({ role: how === "created" ? "admin" : "user" });
      expect(await isOpen(link)).toBe(how === "promoted");
      await change(id, { set: { role: "admin" } });
      expect(await isOpen(link)).toBe(false);
    });

    test("of a link that is used and a concurrent promotion, one comes first, and no open link is left", async () => {
      for (const _ of times(8, Number)) {
        const id = await create({ claim: "open", passwordHash: null });
        const link = await open(id, { issuer: "key:any" });
        const seen: string[] = [];
        const authorize = ({ target }: Parties): Outcome<undefined, { code: "FORBIDDEN" }> => {
          seen.push(target.role);
          return target.role === "user" ? ok(undefined) : refuse({ code: "FORBIDDEN" });
        };
        const set = { passwordHash: "chosen", claim: "key" };
        const [used, promoted] = await Promise.all([
          change(id, { set, link: useOf(link), authorize, endsSessionsAtMs: 5 }),
          change(id, { set: { role: "finance" } }),
        ]);
        expect(promoted.ok).toBe(true);
        // Whichever came first: a password that the owner of a key chose never opens the account of a member of staff.
        expect(await here.database.users.find(id)).toMatchObject({
          role: "finance",
          passwordHash: null,
          claim: "open",
        });
        expect(await isOpen(link)).toBe(false);
        if (used.ok) expect(seen.at(-1)).toBe("user");
      }
    });
  });

  describe("a new link", () => {
    test("a new link and its event are written together, and neither is when the author is refused", async () => {
      const id = await create();
      const [refused, issued] = [linkOf(id), linkOf(id)];
      const event = newEvent({ subject: `user:${id}` });
      const authorize = () => refuse({ code: "USER_HAS_CREDENTIALS" as const });
      expect(await change(id, { newLink: refused, event, authorize })).toEqual(
        refuse({ code: "USER_HAS_CREDENTIALS" }),
      );
      expect(await here.database.auditLog.list({ subject: `user:${id}` }, { limit: 9 })).toEqual([]);
      expect(await change(id, { newLink: issued, event })).toEqual(ok(undefined));
      expect([await isOpen(refused), await isOpen(issued)]).toEqual([false, true]);
      expect(await here.database.auditLog.list({ subject: `user:${id}` }, { limit: 9 })).toEqual([event]);
    });

    test("of ten concurrent new links and ten that are sent by e-mail, exactly one stays open", async () => {
      const id = await create();
      const links = times(20, () => linkOf(id));
      await Promise.all(
        links.map((link, n) => (n % 2 ? here.database.links.put(link) : change(id, { newLink: link }))),
      );
      const opened = await Promise.all(links.map(isOpen));
      expect(opened.filter(Boolean)).toHaveLength(1);
    });
  });

  describe("the authorization of a change", () => {
    const parties = async (id: UserId, of: Partial<UserChange>) => {
      const seen: Parties[] = [];
      const seeing = (each: Parties) => {
        seen.push(each);
        return ok(undefined);
      };
      await change(id, { ...of, authorize: seeing });
      return seen.at(-1);
    };

    test("a change is authorized with the rows of its author, of the owner of a key, and of its target", async () => {
      const [id, owner] = [await create(), await create({ role: "admin" })];
      const keyId = randomUUID().slice(0, 12);
      const key = { id: keyId, ownerId: owner, name: "k", scopes: ["users:write"], secretHash: "h", expiresAtMs: null };
      const event = newEvent();
      const limit = { mostLive: 5, nowMs: 1 };
      await here.database.keys.create({ ...key, createdBy: "operator", createdAtMs: 1 }, limit, event);
      const by = (actor: string) => ({ event: newEvent({ actor }) });
      expect(await parties(id, by(`user:${owner}`))).toMatchObject({
        author: { name: `user:${owner}`, user: { id: owner, role: "admin" }, key: undefined },
        target: { id, role: "user" },
        ownsKeys: false,
      });
      expect(await parties(owner, by(`key:${keyId}`))).toMatchObject({
        author: { user: { id: owner }, key: { id: keyId, scopes: ["users:write"] } },
        ownsKeys: true,
      });
      expect(await parties(id, by("operator"))).toMatchObject({ author: { name: "operator", user: undefined } });
      const link = await open(id, { issuer: `key:${keyId}` });
      const used = await parties(id, { ...by("link"), link: useOf(link) });
      expect(used).toMatchObject({ author: { name: `key:${keyId}`, user: { id: owner } } });
      await here.database.keys.revoke(keyId, 7, newEvent());
      expect(await parties(owner, by(`key:${keyId}`))).toMatchObject({
        author: { key: { revokedAtMs: 7 } },
        ownsKeys: false,
      });
    });

    test("a link whose use is not authorized is refused as expired, changes nothing and stays", async () => {
      const id = await create();
      const link = await open(id);
      const authorize = () => refuse({ code: "FORBIDDEN" as const });
      const used = await change(id, { set: { passwordHash: "other" }, link: useOf(link), authorize });
      expect(used).toEqual(refuse({ code: "LINK_EXPIRED" }));
      expect(await here.database.users.find(id)).toMatchObject({ passwordHash: newUser().passwordHash });
    });

    test("the first sign-in is recorded for a user without a way to sign in, and for no other", async () => {
      const [id, keyed] = [await create({ claim: "open" }), await create({ claim: "key" })];
      for (const each of [id, keyed]) await here.database.users.recordSignIn(each);
      expect(await here.database.users.find(id)).toMatchObject({ claim: null });
      expect(await here.database.users.find(keyed)).toMatchObject({ claim: "key" });
    });
  });
}
