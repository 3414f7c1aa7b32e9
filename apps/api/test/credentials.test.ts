import { createHmac } from "node:crypto";
import { databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { other, type Server, startServer, user } from "./start-server.ts";

const secret = "a-secret-that-the-test-knows-0123456789";
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token put together by hand, as an attacker would. */
function handmade(real: string, change: { header?: object; payload?: object; hash?: string; key?: string }): string {
  const [header, payload] = real
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  const body = `${encode({ ...header, ...change.header })}.${encode({ ...payload, ...change.payload })}`;
  return `${body}.${createHmac(change.hash ?? "sha256", change.key ?? secret)
    .update(body)
    .digest("base64url")}`;
}

for (const kind of databaseKinds) {
  describeOn(kind)(`credentials on ${kind}`, () => {
    let server: Server;
    let token: string;
    beforeAll(async () => {
      server = await startServer(kind, { JWT_SECRET: secret });
      token = await server.token();
    });
    afterAll(() => server.stop());

    test("made by hand with the right secret are accepted: the refusals below have their own reason", async () => {
      expect(await server.call("GET", "/credits/balance", { token: handmade(token, {}) })).toMatchObject({
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
        make: (real: string) => handmade(real, { header: { alg: "HS512" }, hash: "sha512" }),
      },
      { says: "another secret", make: (real: string) => handmade(real, { key: "x".repeat(32) }) },
      { says: "an expiry in the past", make: (real: string) => handmade(real, { payload: { exp: 1_700_000_000 } }) },
      {
        says: "an expiry that is no number",
        make: (real: string) => handmade(real, { payload: { exp: "9999999999" } }),
      },
      {
        says: "an altered subject",
        make: (real: string) => [real.split(".")[0], encode({ sub: other.email }), real.split(".")[2]].join("."),
      },
      {
        says: "a subject nobody has",
        make: (real: string) => handmade(real, { payload: { sub: "ghost@example.com" } }),
      },
      {
        says: "an operator for a subject",
        make: (real: string) => handmade(real, { payload: { sub: { $ne: null } } }),
      },
      { says: "an ended version", make: (real: string) => handmade(real, { payload: { ver: 0 } }) },
      { says: "a version yet to come", make: (real: string) => handmade(real, { payload: { ver: 2 } }) },
      { says: "a text that is no token", make: () => "abc" },
      { says: "sixteen thousand characters", make: () => "a".repeat(16_000) },
    ])("with $says are refused by 401 everywhere, and verify says no", async ({ make }) => {
      const bad = make(token);
      const credential = bad === undefined ? {} : { token: bad };
      const refused = { status: 401, body: { code: "UNAUTHENTICATED" } };
      const answer = await server.call("GET", "/credits/balance", credential);
      expect(answer).toMatchObject(refused);
      const challenge = bad === undefined ? 'Bearer realm="jifen"' : 'Bearer realm="jifen", error="invalid_token"';
      expect(answer.headers.get("www-authenticate")).toBe(challenge);
      expect(
        await server.call("POST", "/credits/consume", { ...credential, body: { amount: 1, action: "a" } }),
      ).toMatchObject(refused);
      expect(await server.call("POST", "/logs/create", { ...credential, body: {} })).toMatchObject(refused);
      if (bad !== undefined) {
        expect((await server.call("POST", "/auth/verify", { body: { token: bad } })).body).toEqual({ valid: false });
      }
    });

    test.each(["Basic dXNlcjpw", "Bearer", "Bearer ", "Bearer %", "token", "Bearer a, Bearer b", "Bearer\u00e9"])(
      "in a malformed header %j are refused by 401",
      async (authorization) => {
        expect(await server.call("GET", "/credits/balance", { headers: { authorization } })).toMatchObject({
          status: 401,
        });
      },
    );

    describe("X-User-Id", () => {
      test.each([undefined, user.email, "USER@Example.com"])("may be %s", async (userId) => {
        expect(await server.call("GET", "/credits/balance", { token, ...(userId ? { userId } : {}) })).toMatchObject({
          status: 200,
        });
      });

      test.each([other.email, "ghost@example.com", "user@example.com.evil.com", "1"])(
        "may not be %s",
        async (userId) => {
          const refused = { status: 403, body: { code: "USER_MISMATCH" } };
          expect(await server.call("GET", "/credits/balance", { token, userId })).toMatchObject(refused);
          expect(
            await server.call("POST", "/credits/consume", { token, userId, body: { amount: 1, action: "a" } }),
          ).toMatchObject(refused);
        },
      );

      test("without a credential is nobody", async () => {
        expect(await server.call("GET", "/credits/balance", { userId: user.email })).toMatchObject({ status: 401 });
      });

      test("and the userId of a log must both be the caller's", async () => {
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

    test("have changed nothing of anybody's", async () => {
      for (const person of [user, other]) {
        expect(
          (await server.call("GET", "/credits/balance", { token: await server.token(person) })).body,
        ).toMatchObject({
          balance: 100,
        });
      }
    });
  });
}
