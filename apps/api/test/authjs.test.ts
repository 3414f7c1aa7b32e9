import { encode as encodeV5 } from "@auth/core/jwt";
import { aboveDatabaseKinds, describeOn } from "@jifen/testkit";
import { EncryptJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authJsKeys } from "../src/modules/identity/credentials/authjs-keys.ts";
import { encodeV4 } from "./next-auth.ts";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { startServer, user } from "./start-server.ts";

const secret = "the-secret-of-the-site-0123456789abcdef";
const salt = "__Secure-authjs.session-token";
const mintV4 = (email: string) => encodeV4({ token: { sub: "1", email, name: "Site 用户" }, secret });
const mintV5 = (email: string) =>
  encodeV5({ token: { sub: crypto.randomUUID(), email, name: "Site 用户" }, secret, salt });

/** Encrypts a token as NextAuth 4 does, with times in seconds from now. */
async function mintAt(claims: object, times: { iat: number; exp: number }): Promise<string> {
  const [key] = await authJsKeys(secret, []);
  const at = Math.floor(Date.now() / 1_000);
  return new EncryptJWT({ ...claims, iat: at + times.iat, exp: at + times.exp })
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .encrypt(key?.bytes as Uint8Array);
}

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`Auth.js sessions on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { USER_KEYS: "on", AUTH_SECRET: secret, AUTHJS_AUTO_CREATE: "on" });
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

    test("a session without jti that was logged out stays ended in every text of its token", async () => {
      const email = `no-jti-${kind}@example.com`;
      const token = await mintAt({ sub: "1", email }, { iat: 0, exp: 600 });
      expect((await balance(token)).status).toBe(200);
      expect((await call("POST", "/auth/logout", { token, body: {} })).status).toBe(200);
      const last = token.slice(-1);
      const ends = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].filter(
        (end) => end !== last,
      );
      const texts = [token, `${token}=`, `${token}==`, ...ends.map((end) => `${token.slice(0, -1)}${end}`)];
      for (const text of texts) expect((await balance(text)).status).toBe(401);
      for (const text of [...texts, ` ${token}`, `${token}\n`, token.replace("..", ".AA.")]) {
        expect((await call("POST", "/auth/verify", { body: { token: text } })).body).toEqual({ valid: false });
      }
    });

    test("a session without sub and jti is accepted, and stays ended after its expiry when it was logged out", async () => {
      const email = `no-sub-${kind}@example.com`;
      const expired = await mintAt({ email }, { iat: -600, exp: -20 });
      const other = await mintAt({ email }, { iat: -600, exp: 600 });
      for (const token of [expired, other]) expect((await balance(token)).status).toBe(200);
      for (const token of [expired, other]) {
        expect((await call("POST", "/auth/logout", { token, body: {} })).status).toBe(200);
      }
      expect([(await balance(expired)).status, (await balance(other)).status]).toEqual([401, 401]);
    });

    test("a session of a site whose clock is ahead ends when its user ends all sessions, and so do earlier ones", async () => {
      const email = `ahead-${kind}@example.com`;
      const [early, ahead] = await Promise.all([25, 30].map((iat) => mintAt({ email }, { iat, exp: 600 })));
      expect((await balance(`${early}`)).status).toBe(200);
      expect((await call("POST", "/auth/logout-everywhere", { token: `${ahead}`, body: {} })).status).toBe(200);
      expect([(await balance(`${early}`)).status, (await balance(`${ahead}`)).status]).toEqual([401, 401]);
      expect((await balance(await mintAt({ email }, { iat: 32, exp: 600 }))).status).toBe(200);
    });

    test("an internationalised address is one user in every form, and a look-alike of an address is refused", async () => {
      const [email, ascii] = [`jürgen-${kind}@münchen.de`, `jürgen-${kind}@xn--mnchen-3ya.de`];
      for (const form of [email, email.normalize("NFD").toUpperCase(), ascii, email.replace(".", "。")]) {
        expect((await call("GET", "/auth/me", { token: await mintV5(form) })).body).toMatchObject({ userId: ascii });
      }
      const token = await mintV5(email);
      const userIds = [`UTF-8''${encodeURIComponent(email)}`, Buffer.from(email).toString("latin1"), email];
      for (const userId of userIds) {
        expect((await call("GET", "/credits/balance", { token, userId })).status).toBe(200);
      }
      for (const alike of [
        `ﬁn-${kind}@example.com`,
        `mar\u212a-${kind}@example.com`,
        `ju\u200brgen-${kind}@münchen.de`,
      ]) {
        expect((await balance(await mintV5(alike))).status).toBe(401);
      }
      const wrong = await call("GET", "/credits/balance", { token, userId: "UTF-8''jurgen%40example.com" });
      expect(wrong).toMatchObject({ status: 403, body: { code: "USER_MISMATCH" } });
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

  test("the log has the reason of a refused session at debug, without the token and its claims, and a response never has it", async () => {
    const server = await startServer("sqlite", { AUTH_SECRET: secret, LOG_LEVEL: "debug" });
    const ended = await server.token();
    await server.call("POST", "/auth/logout", { token: ended, body: {} });
    const email = user.email;
    const cases = [
      { token: await mintAt({ email }, { iat: 90, exp: 600 }), reason: "not yet valid", claim: "iat" },
      { token: await mintAt({ email }, { iat: -600, exp: -90 }), reason: "expired", claim: "exp" },
      { token: await mintAt({ sub: "1" }, { iat: 0, exp: 60 }), reason: "no e-mail address", claim: "email" },
      { token: await mintAt({ email: "unknown@example.com" }, { iat: 0, exp: 60 }), reason: "unknown user" },
      { token: await encodeV4({ token: { email }, secret: "x".repeat(32) }), reason: "undecryptable" },
      { token: ended, reason: "ended" },
      { token: `${ended.slice(0, -8)}AAAAAAAA`, reason: "invalid signature" },
      { token: "a.b", reason: "malformed" },
    ];
    for (const { token } of cases) {
      const answer = await server.call("GET", "/auth/me", { token });
      expect(answer).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED", reason: "invalid_token" } });
      expect((await server.call("POST", "/auth/verify", { body: { token } })).body).toEqual({ valid: false });
    }
    const logged = () => server.api.logs().filter(({ msg }) => msg === "a session was refused");
    await expect.poll(() => logged().length).toBe(2 * cases.length);
    const expected = cases.flatMap(({ token: _, ...refusal }) => [refusal, refusal]);
    expect(logged()).toMatchObject(expected);
    expect(logged().every(({ level }) => level === "debug")).toBe(true);
    for (const { token } of cases.filter(({ reason }) => reason !== "malformed")) {
      expect(server.api.output()).not.toContain(token.slice(-20));
    }
    await server.stop();
  });

  test("an Auth.js session of an unknown user is refused without just-in-time provisioning", async () => {
    const server = await startServer("sqlite", { AUTH_SECRET: secret });
    const answer = await server.call("GET", "/credits/balance", { token: await mintV5("unknown@example.com") });
    expect(answer).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
    await server.stop();
  });
});
