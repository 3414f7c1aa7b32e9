import { encode as encodeV5 } from "@auth/core/jwt";
import { databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeV4 } from "./next-auth.ts";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { startServer, user } from "./start-server.ts";

const secret = "the-secret-of-the-site-0123456789abcdef";
const salt = "__Secure-authjs.session-token";
const mintV4 = (email: string) => encodeV4({ token: { sub: "1", email, name: "Site 用户" }, secret });
const mintV5 = (email: string) =>
  encodeV5({ token: { sub: crypto.randomUUID(), email, name: "Site 用户" }, secret, salt });

for (const kind of databaseKinds) {
  describeOn(kind)(`Auth.js sessions on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { AUTH_SECRET: secret, AUTHJS_AUTO_CREATE: "on" });
    });
    afterAll(() => api.server.stop());
    const call = (...parameters: Parameters<ApiWithAdmin["server"]["call"]>) => api.server.call(...parameters);
    const balance = (token: string) => call("GET", "/credits/balance", { token });

    test.each([{ mint: mintV4 }, { mint: mintV5 }])(
      "an Auth.js session acts for the user of its e-mail address: %o",
      async ({ mint }) => {
        const token = await mint(user.email.toUpperCase());
        const { balance: before } = await api.balance();
        const spent = await call("POST", "/credits/consume", {
          token,
          userId: user.email,
          body: { amount: 1, action: "a" },
        });
        expect(spent).toMatchObject({ status: 200, body: { balance: before - 1 } });
        expect((await call("POST", "/auth/verify", { body: { token } })).body).toMatchObject({
          valid: true,
          userId: user.email,
        });
      },
    );

    test("concurrent first requests of an unknown user create the user and the initial grant once", async () => {
      const email = `provisioned-${kind}@example.com`;
      const tokens = await Promise.all(Array.from({ length: 20 }, () => mintV5(email)));
      const answers = await Promise.all(tokens.map(balance));
      for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { balance: 100 } });
      const { body } = await call("GET", "/credits/grants", { token: tokens[0] ?? "" });
      expect(body.items).toHaveLength(1);
      expect((await call("GET", "/auth/me", { token: tokens[0] ?? "" })).body).toMatchObject({
        email,
        name: "Site 用户",
        role: "user",
      });
    });

    test("an Auth.js session of an admin has the role user and cannot manage keys of an admin", async () => {
      const token = await mintV4(admin.email);
      expect((await call("GET", "/auth/me", { token })).body).toMatchObject({ userId: admin.email, role: "user" });
      expect(await call("GET", "/admin/users", { token })).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
      const made = await call("POST", "/keys", { token, body: { name: "k", scopes: ["admin"] } });
      expect(made).toMatchObject({ status: 403, body: { code: "SCOPE_NOT_GRANTABLE" } });
      const { keyId } = (await api.post("/keys", { name: "k", scopes: ["admin"] }, { as: "admin" })).body;
      const rotated = await call("POST", `/keys/${keyId}/rotate`, { token, body: {} });
      expect(rotated).toMatchObject({ status: 404, body: { code: "KEY_NOT_FOUND" } });
    });

    test("logout, ending all sessions, suspension and deletion end an Auth.js session", async () => {
      const email = `leaving-${kind}@example.com`;
      const [first, second] = [await mintV5(email), await mintV4(email)];
      expect([(await balance(first)).status, (await balance(second)).status]).toEqual([200, 200]);
      expect((await call("POST", "/auth/logout", { token: first, body: {} })).status).toBe(200);
      expect([(await balance(first)).status, (await balance(second)).status]).toEqual([401, 200]);
      const changeUser = (verb: string) =>
        api.post(`/admin/users/${email}/${verb}`, { reason: "a test" }, { as: "admin" });
      await changeUser("sessions/revoke");
      expect((await balance(second)).status).toBe(401);
      const mintLater = async () => {
        await new Promise((resolve) => setTimeout(resolve, 1_100));
        return mintV5(email);
      };
      const third = await mintLater();
      expect((await balance(third)).status).toBe(200);
      await changeUser("suspend");
      expect([401, 403]).toContain((await balance(third)).status);
      expect(await balance(await mintLater())).toMatchObject({ status: 403, body: { code: "ACCOUNT_SUSPENDED" } });
      await changeUser("delete");
      expect((await balance(await mintLater())).status).toBe(401);
    });
  });
}

describe("Auth.js sessions with other settings", () => {
  test("a user who has ended 1,000 sessions one by one ends all of them with the next logout", async () => {
    const server = await startServer("sqlite", { AUTH_SECRET: secret });
    const status = async (token: string) => (await server.call("GET", "/auth/me", { token })).status;
    const other = await mintV4(user.email);
    expect(await status(other)).toBe(200);
    for (let n = 0; n < 1_001; n += 1) {
      const answer = await server.call("POST", "/auth/logout", { token: await mintV4(user.email), body: {} });
      expect(answer.status).toBe(200);
    }
    expect(await status(other)).toBe(401);
    await server.stop();
  });

  const cases: { says: string; env: Record<string, string>; status: number }[] = [
    { says: "no secret is set", env: {}, status: 401 },
    { says: "another secret is set", env: { AUTH_SECRET: "x".repeat(32) }, status: 401 },
    { says: "AUTHJS_ENABLED is off", env: { AUTH_SECRET: secret, AUTHJS_ENABLED: "off" }, status: 401 },
    { says: "its secret is AUTH_SECRET_1", env: { AUTH_SECRET: "x".repeat(32), AUTH_SECRET_1: secret }, status: 200 },
    {
      says: "its secret is JWT_SECRET and AUTHJS_ENABLED is on",
      env: { JWT_SECRET: secret, AUTHJS_ENABLED: "on" },
      status: 200,
    },
    { says: "its secret is JWT_SECRET and AUTHJS_ENABLED is not set", env: { JWT_SECRET: secret }, status: 401 },
  ];
  test.each(cases)("an Auth.js session is answered with $status when $says", async ({ env, status }) => {
    const server = await startServer("sqlite", env);
    expect((await server.call("GET", "/credits/balance", { token: await mintV5(user.email) })).status).toBe(status);
    await server.stop();
  });

  test("an Auth.js session of an unknown user is refused without just-in-time provisioning", async () => {
    const server = await startServer("sqlite", { AUTH_SECRET: secret });
    const answer = await server.call("GET", "/credits/balance", { token: await mintV5("unknown@example.com") });
    expect(answer).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
    await server.stop();
  });
});
