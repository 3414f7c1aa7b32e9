import { type Api, callRest, describeOn, type RestCall, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { createTestUsers } from "./test-users.ts";

const secrets = {
  JWT_SECRET: "secret-of-both-servers-".repeat(2),
  AUTH_SECRET: "the-secret-of-the-site-0123456789abcdef",
};
const password = "tr0ub4dor-and-3";

let count = 0;

for (const kind of ["sqlite", "postgresql"] as const) {
  describeOn(kind)(`two servers on one ${kind} database, the first of which has cached the rows`, () => {
    let api: ApiWithAdmin;
    let elsewhere: Api;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { ...secrets, RATE_LIMIT_LOGIN: "off" });
      const env = { ...secrets, ADMIN_EMAILS: admin.email };
      elsewhere = await startApi({ databaseUrl: api.server.database.url, env });
    });
    afterAll(async () => {
      await elsewhere?.stop();
      await api?.server.stop();
    });

    const here = (...parameters: Parameters<ApiWithAdmin["server"]["call"]>) => api.server.call(...parameters);
    const there = (method: string, path: string, call?: RestCall) => callRest(elsewhere.url, method, path, call);
    const adminThere = (path: string, body: object = {}) =>
      there("POST", path, { token: api.tokens.admin, body: { reason: "a test", ...body } });
    const login = async (at: typeof here, email: string) =>
      (await at("POST", "/auth/login", { body: { email, password } })).body.token as string;
    const status = async (token: string, path = "/auth/me", userId?: string) =>
      (await here("GET", path, { token, ...(userId && { userId }) })).status;
    const newUser = async () => {
      const email = `cached-${++count}@example.com`;
      await createTestUsers(api.server.database.url, `${email}:${password}`, 100);
      const token = await login(here, email);
      expect(await status(token)).toBe(200);
      return { email, token };
    };
    const newKey = async (scopes: readonly string[]) => {
      const made = await here("POST", "/keys", { token: api.tokens.admin, body: { name: "k", scopes } });
      expect(await status(made.body.key, "/credits/balance")).toBe(200);
      return made.body as { key: string; keyId: string };
    };

    test("a token that was issued after all sessions were ended elsewhere is accepted immediately", async () => {
      const { email, token } = await newUser();
      expect((await there("POST", "/auth/logout-everywhere", { token, body: {} })).status).toBe(200);
      const [fromHere, fromThere] = [await login(here, email), await login(there, email)];
      expect([await status(fromHere), await status(fromThere)]).toEqual([200, 200]);
      expect(await status(token)).toBe(401);
    });

    test("a token that a password change elsewhere returned is accepted immediately", async () => {
      const { token } = await newUser();
      const body = { currentPassword: password, newPassword: "another-password" };
      const changed = await there("POST", "/auth/password", { token, body });
      expect([await status(changed.body.token), await status(token)]).toEqual([200, 401]);
    });

    test("a user who was suspended and resumed elsewhere is accepted immediately", async () => {
      const { email } = await newUser();
      await adminThere(`/admin/users/${email}/suspend`);
      await expect.poll(() => login(here, email)).toBeUndefined();
      // The cache of this server knows the suspension by now.
      const { key } = await newKey(["credits:read", "act-as"]);
      expect([200, 403]).toContain(await status(key, "/credits/balance", email));
      await adminThere(`/admin/users/${email}/resume`);
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      expect(await status(await login(here, email))).toBe(200);
      expect(await status(key, "/credits/balance", email)).toBe(200);
    });

    test("the new secret of a key that was rotated elsewhere is accepted immediately", async () => {
      const { keyId, key } = await newKey(["credits:read"]);
      const first = (await adminThere(`/keys/${keyId}/rotate`, {})).status;
      expect(first).toBe(400);
      const rotated = await there("POST", `/keys/${keyId}/rotate`, {
        token: api.tokens.admin,
        body: { overlapSeconds: 0 },
      });
      expect(await status(rotated.body.key, "/credits/balance")).toBe(200);
      expect(await status(key, "/credits/balance")).toBe(401);
    });

    test("a key that was created elsewhere, and the role that a user got elsewhere, count immediately", async () => {
      const { email, token } = await newUser();
      expect(await status(token, "/admin/users")).toBe(403);
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      expect((await adminThere(`/admin/users/${email}/role`, { role: "support" })).status).toBe(200);
      expect(await status(token, "/admin/users")).toBe(200);
      const made = await there("POST", "/keys", { token, body: { name: "k", scopes: ["users:read"] } });
      expect(await status(made.body.key, "/admin/users")).toBe(200);
    });
  });
}
