import { createHmac } from "node:crypto";
import { aboveDatabaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { other, type Server, startServer, user } from "./start-server.ts";

const secret = "a-secret-that-the-test-knows-0123456789";
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Changes the parts of a token and signs it again. */
function forgeToken(real: string, change: { header?: object; payload?: object; hash?: string; key?: string }): string {
  const [header, payload] = real
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  const body = `${encode({ ...header, ...change.header })}.${encode({ ...payload, ...change.payload })}`;
  return `${body}.${createHmac(change.hash ?? "sha256", change.key ?? secret)
    .update(body)
    .digest("base64url")}`;
}

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`credentials on ${kind}`, () => {
    let server: Server;
    let token: string;
    beforeAll(async () => {
      server = await startServer(kind, { JWT_SECRET: secret });
      token = await server.token();
    });
    afterAll(() => server.stop());

    test("a forged token without a change is accepted, so the tokens below are refused for their change", async () => {
      expect(await server.call("GET", "/credits/balance", { token: forgeToken(token, {}) })).toMatchObject({
        status: 200,
      });
    });

    test.each([
      { says: "no credential", make: () => undefined },
      {
        says: "the algorithm none",
        make: (real: string) => `${encode({ alg: "none", typ: "at+jwt" })}.${real.split(".")[1]}.`,
      },
      {
        says: "another algorithm",
        make: (real: string) => forgeToken(real, { header: { alg: "HS512" }, hash: "sha512" }),
      },
      { says: "another secret", make: (real: string) => forgeToken(real, { key: "x".repeat(32) }) },
      { says: "an expiry in the past", make: (real: string) => forgeToken(real, { payload: { exp: 1_700_000_000 } }) },
      {
        says: "an expiry that is not a number",
        make: (real: string) => forgeToken(real, { payload: { exp: "9999999999" } }),
      },
      {
        says: "an altered subject",
        make: (real: string) => [real.split(".")[0], encode({ sub: other.email }), real.split(".")[2]].join("."),
      },
      {
        says: "an unknown subject",
        make: (real: string) => forgeToken(real, { payload: { sub: "ghost@example.com" } }),
      },
      {
        says: "a query operator as subject",
        make: (real: string) => forgeToken(real, { payload: { sub: { $ne: null } } }),
      },
      { says: "an earlier token version", make: (real: string) => forgeToken(real, { payload: { ver: 0 } }) },
      { says: "a later token version", make: (real: string) => forgeToken(real, { payload: { ver: 2 } }) },
      { says: "a text that is not a token", make: () => "abc" },
      { says: "sixteen thousand characters", make: () => "a".repeat(16_000) },
    ])("a credential with $says is refused with 401 and verified as invalid", async ({ make }) => {
      const invalidToken = make(token);
      const credential = invalidToken === undefined ? {} : { token: invalidToken };
      const refused = { status: 401, body: { code: "UNAUTHENTICATED" } };
      const answer = await server.call("GET", "/credits/balance", credential);
      expect(answer).toMatchObject(refused);
      const challenge =
        invalidToken === undefined ? 'Bearer realm="jifen"' : 'Bearer realm="jifen", error="invalid_token"';
      expect(answer.headers.get("www-authenticate")).toBe(challenge);
      expect(
        await server.call("POST", "/credits/consume", { ...credential, body: { amount: 1, action: "a" } }),
      ).toMatchObject(refused);
      expect(await server.call("POST", "/logs/create", { ...credential, body: {} })).toMatchObject(refused);
      if (invalidToken !== undefined) {
        expect((await server.call("POST", "/auth/verify", { body: { token: invalidToken } })).body).toEqual({
          valid: false,
        });
      }
    });

    test.each(["Basic dXNlcjpw", "Bearer", "Bearer ", "Bearer %", "token", "Bearer a, Bearer b", "Bearer\u00e9"])(
      "a malformed Authorization header %j is refused with 401",
      async (authorization) => {
        expect(await server.call("GET", "/credits/balance", { headers: { authorization } })).toMatchObject({
          status: 401,
        });
      },
    );

    describe("X-User-Id", () => {
      test.each([undefined, user.email, "USER@Example.com"])(
        "X-User-Id can be %s for the token of user@example.com",
        async (userId) => {
          expect(await server.call("GET", "/credits/balance", { token, ...(userId ? { userId } : {}) })).toMatchObject({
            status: 200,
          });
        },
      );

      test.each([other.email, "ghost@example.com", "user@example.com.evil.com", "1"])(
        "X-User-Id %s is refused with USER_MISMATCH",
        async (userId) => {
          const refused = { status: 403, body: { code: "USER_MISMATCH" } };
          expect(await server.call("GET", "/credits/balance", { token, userId })).toMatchObject(refused);
          expect(
            await server.call("POST", "/credits/consume", { token, userId, body: { amount: 1, action: "a" } }),
          ).toMatchObject(refused);
        },
      );

      test("X-User-Id without a credential is refused with 401", async () => {
        expect(await server.call("GET", "/credits/balance", { userId: user.email })).toMatchObject({ status: 401 });
      });

      test("the userId of a log must be that of the caller", async () => {
        const body = {
          userId: other.email,
          action: "a",
          details: {},
          success: true,
          timestamp: "2025-01-01T00:00:00Z",
        };
        expect(await server.call("POST", "/logs/create", { token, body })).toMatchObject({
          status: 403,
          body: { code: "USER_MISMATCH" },
        });
      });
    });

    test("refused credentials change no balance", async () => {
      for (const each of [user, other]) {
        expect((await server.call("GET", "/credits/balance", { token: await server.token(each) })).body).toMatchObject({
          balance: 100,
        });
      }
    });
  });
}
