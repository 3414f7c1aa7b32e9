import { setTimeout as sleep } from "node:timers/promises";
import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, admin, inMs, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const DAY_MS = 86_400_000;

type Listed = { readonly name: string; readonly ownerId: string };

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`lists of service keys on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { USER_KEYS: "on" });
      await make("for ever", "user");
      const revoked = await make("revoked", "user", inMs(DAY_MS));
      await make("soon", "other", inMs(13 * DAY_MS));
      await make("later", "admin", inMs(15 * DAY_MS));
      await make("expired", "other", inMs(500));
      expect(await api.post(`/keys/${revoked.keyId}/revoke`, {})).toMatchObject({ status: 200 });
      await sleep(600);
    });
    afterAll(() => api?.server.stop());

    const make = async (name: string, as: "user" | "other" | "admin", expiresAt?: string) => {
      const request = { name, scopes: ["credits:read"], ...(expiresAt !== undefined && { expiresAt }) };
      const { status, body } = await api.post("/keys", request, { as });
      expect({ status, body }).toMatchObject({ status: 200 });
      return body as { readonly keyId: string; readonly key: string };
    };
    const list = async (query: string, as: "user" | "admin" = "admin") => {
      const { status, body } = await api.get(`/keys?${query}`, as);
      expect({ status, body }).toMatchObject({ status: 200 });
      return body as { readonly items: readonly Listed[]; readonly nextCursor: string | null };
    };
    const names = async (query: string, as: "user" | "admin" = "admin") =>
      (await list(query, as)).items.map(({ name }) => name);

    test("an admin lists the keys of all owners, newest first, in pages that leave none out", async () => {
      const first = await list("all=true&limit=3");
      expect(first.items).toMatchObject([
        { name: "expired", ownerId: other.email },
        { name: "later", ownerId: admin.email },
        { name: "soon", ownerId: other.email },
      ]);
      expect(await names(`all=true&limit=3&cursor=${first.nextCursor}`)).toEqual(["revoked", "for ever"]);
      expect(await names("all=true&limit=5")).toHaveLength(5);
      expect(await names(`all=true&userId=${other.email}`)).toEqual(["expired", "soon"]);
    });

    test("an admin who does not ask for all keys lists the admin's own", async () => {
      expect(await names("")).toEqual(["later"]);
      expect(await names("all=false")).toEqual(["later"]);
    });

    test.each([
      { state: "active", found: ["later", "soon", "for ever"] },
      { state: "expiring", found: ["soon"] },
      { state: "expired", found: ["expired"] },
      { state: "revoked", found: ["revoked"] },
    ])("only keys that are $state are listed if that is asked for", async ({ state, found }) => {
      expect(await names(`all=true&state=${state}`)).toEqual(found);
    });

    test("a user filters the own keys by state, and an unknown state is refused", async () => {
      expect(await names("state=active", "user")).toEqual(["for ever"]);
      expect(await names("state=revoked", "user")).toEqual(["revoked"]);
      expect(await api.get("/keys?state=gone", "user")).toMatchObject({
        status: 400,
        body: { issues: [{ path: "state" }] },
      });
    });

    test("neither a user nor a service key of an admin lists the keys of all owners", async () => {
      const forbidden = { status: 403, body: { code: "FORBIDDEN", roles: ["admin"] } };
      expect(await api.get("/keys?all=true", "user")).toMatchObject(forbidden);
      expect(await api.get(`/keys?all=true&userId=${user.email}`, "user")).toMatchObject(forbidden);
      const request = { name: "admin", scopes: ["admin"] };
      const { keyId, key: token } = (await api.post("/keys", request, { as: "admin" })).body;
      expect((await api.server.call("GET", "/keys", { token })).status).toBe(200);
      expect(await api.server.call("GET", "/keys?all=true", { token })).toMatchObject(forbidden);
      await api.post(`/keys/${keyId}/revoke`, {}, { as: "admin" });
    });
  });
}
