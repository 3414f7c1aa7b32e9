import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, admin, inMs, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

type Wanted = { name?: string; scopes?: readonly string[]; expiresAt?: string };

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`changes of service keys on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { USER_KEYS: "on" });
    });
    afterAll(() => api.server.stop());

    const create = async (wanted: Wanted & { userId?: string }, as: "user" | "admin" = "admin") => {
      const { status, body } = await api.post("/keys", { name: "worker", scopes: ["credits:read"], ...wanted }, { as });
      expect({ status, body }).toMatchObject({ status: 200 });
      return body as { keyId: string; key: string };
    };
    const change = (keyId: string, wanted: object, as: "user" | "other" | "admin" = "admin") =>
      api.post(`/keys/${keyId}/change`, wanted, { as });
    const stored = async (keyId: string) => {
      const { body } = await api.get("/keys?all=true&limit=100", "admin");
      return body.items.find((each: { keyId: string }) => each.keyId === keyId);
    };
    const changesOf = async (keyId: string) =>
      (await api.get(`/admin/audit?action=keys.change&subject=key:${keyId}`, "admin")).body.items;

    test("a key can be renamed, lose scopes and expire sooner, and the audit log says what it was before", async () => {
      const { keyId, key } = await create({ scopes: ["credits:read", "credits:spend"], expiresAt: inMs(100_000) });
      const before = await stored(keyId);
      const wanted = { name: "reader", scopes: ["credits:read"], expiresAt: inMs(50_000) };
      const answer = await change(keyId, wanted);
      const { createdAt, ownerId } = before;
      expect(answer).toMatchObject({ status: 200, body: { keyId, ...wanted, createdAt, ownerId } });
      expect(await stored(keyId)).toEqual({ ...before, ...wanted, lastUsedAt: null });
      expect((await api.server.call("GET", "/credits/balance", { token: key })).status).toBe(200);
      const body = { amount: 1, action: "video" };
      expect((await api.server.call("POST", "/credits/consume", { token: key, body })).status).toBe(403);
      const formerly = {
        formerName: "worker",
        formerScopes: ["credits:read", "credits:spend"],
        formerExpiresAt: before.expiresAt,
      };
      expect(await changesOf(keyId)).toMatchObject([
        { actor: `user:${admin.email}`, details: { ...wanted, ...formerly } },
      ]);
    });

    test("the same change again succeeds and is not recorded again", async () => {
      const { keyId } = await create({ scopes: ["credits:read", "credits:spend"] });
      const wanted = { name: "reader", scopes: ["credits:read"], expiresAt: inMs(50_000) };
      const first = await change(keyId, wanted);
      expect(await change(keyId, wanted)).toMatchObject({ status: 200, body: first.body });
      expect(await changesOf(keyId)).toHaveLength(1);
    });

    test.each([
      { title: "more scopes", wanted: { scopes: ["credits:read", "credits:spend"] }, field: "scopes" },
      { title: "another scope", wanted: { scopes: ["credits:spend"] }, field: "scopes" },
      { title: "no scope", wanted: { scopes: [] }, field: "scopes" },
      { title: "a later end", wanted: { expiresAt: inMs(200_000) }, field: "expiresAt" },
      { title: "an end in the past", wanted: { expiresAt: inMs(-1_000) }, field: "expiresAt" },
      { title: "an empty name", wanted: { name: "" }, field: "name" },
      { title: "nothing", wanted: {}, field: "name" },
      { title: "one thing that is too much", wanted: { name: "b", scopes: ["admin"] }, field: "scopes" },
    ])("a change to $title is refused and changes nothing", async ({ wanted, field }) => {
      const { keyId } = await create({ expiresAt: inMs(100_000) });
      const before = await stored(keyId);
      const answer = await change(keyId, wanted);
      expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: field }] } });
      expect(await stored(keyId)).toEqual(before);
      expect(await changesOf(keyId)).toEqual([]);
    });

    test("a user changes only the own keys, an admin every key, and a revoked key never changes", async () => {
      const { keyId } = await create({}, "user");
      for (const as of ["other"] as const) {
        expect(await change(keyId, { name: "b" }, as)).toMatchObject({ status: 404, body: { code: "KEY_NOT_FOUND" } });
      }
      expect((await change(keyId, { name: "mine" }, "user")).body).toMatchObject({ name: "mine", ownerId: user.email });
      expect((await change(keyId, { name: "theirs" })).body).toMatchObject({ name: "theirs", ownerId: user.email });
      await api.post(`/keys/${keyId}/revoke`, {}, { as: "user" });
      expect(await change(keyId, { name: "late" }, "user")).toMatchObject({
        status: 409,
        body: { code: "KEY_REVOKED" },
      });
      expect((await stored(keyId)).name).toBe("theirs");
      expect((await change("000000000000", { name: "b" })).status).toBe(404);
    });

    test("concurrent changes and rotations all take effect, and never give a scope back", async () => {
      const all = ["credits:read", "credits:spend", "logs:write", "logs:read"];
      const { keyId } = await create({ scopes: all, userId: other.email });
      const answers = await Promise.all([
        ...all.slice(1).map((gone) => change(keyId, { scopes: all.filter((scope) => scope !== gone) })),
        change(keyId, { name: "renamed" }),
        api.post(`/keys/${keyId}/rotate`, {}, { as: "admin" }),
      ]);
      const [rotated] = answers.slice(-1);
      // A change that names a scope which another one has taken already is refused.
      for (const { status } of answers) expect([200, 400]).toContain(status);
      const { name, scopes } = await stored(keyId);
      expect(name).toBe("renamed");
      const done = answers.slice(0, 3).filter(({ status }) => status === 200);
      expect(done).toHaveLength(1);
      expect(scopes).toEqual(done[0]?.body.scopes);
      const token = rotated?.body.key;
      expect((await api.server.call("GET", "/credits/balance", { token })).status).toBe(200);
    });
  });
}
