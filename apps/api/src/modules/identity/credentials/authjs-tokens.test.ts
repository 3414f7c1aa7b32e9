import { encode as encodeV5 } from "@auth/core/jwt";
import { EncryptJWT, type JWTPayload } from "jose";
import { describe, expect, test } from "vitest";
import { encodeV4 } from "../../../../test/next-auth.ts";
import { authJsCookies, authJsKeys } from "./authjs-keys.ts";
import { createAuthJsTokens } from "./authjs-tokens.ts";

const secret = "the-secret-of-the-site-0123456789abcdef";
const older = "an-older-secret-of-the-site-0123456789ab";
const [secure, plain] = authJsCookies;
const claims = { sub: "a-random-id", email: "Ann＠Example.com", name: "Ann", picture: "https://example.com/a.png" };
const DAY_SECONDS = 86_400;

const tokensAt = (nowMs = Date.now(), secrets = [secret, older]) =>
  createAuthJsTokens({ secrets, cookieNames: authJsCookies, maxAgeSeconds: 30 * DAY_SECONDS, nowMs: () => nowMs });
const verify = async (token: string, nowMs?: number) => (await tokensAt(nowMs)).verify(token);
const mintV4 = (change: object = {}) => encodeV4({ token: claims, secret, ...change });
const mintV5 = (change: object = {}) => encodeV5({ token: claims, secret, salt: plain, ...change });

/** Encrypts a token of Auth.js 5 that is valid except for the change. */
async function forgeToken(change: { header?: Record<string, unknown>; payload?: JWTPayload }): Promise<string> {
  const [, v5] = await authJsKeys(secret, [plain]);
  if (!v5) throw new Error("no key was derived");
  const at = Math.floor(Date.now() / 1_000);
  return new EncryptJWT({ ...claims, iat: at, exp: at + 60, jti: "1", ...change.payload })
    .setProtectedHeader({ alg: "dir", enc: "A256CBC-HS512", kid: `${v5.kid}`, ...change.header })
    .encrypt(v5.bytes);
}

describe("an Auth.js session token", () => {
  test.each([
    { says: "of NextAuth 4", mint: () => mintV4() },
    { says: "of Auth.js 5 on http", mint: () => mintV5() },
    { says: "of Auth.js 5 on https", mint: () => mintV5({ salt: secure }) },
    { says: "of NextAuth 4 under an older secret", mint: () => mintV4({ secret: older }) },
    { says: "of Auth.js 5 under an older secret", mint: () => mintV5({ secret: older }) },
    { says: "of Auth.js 5 with a ring of secrets", mint: () => mintV5({ secret: [older, secret] }) },
    { says: "of Auth.js 5, forged without a change,", mint: () => forgeToken({}) },
  ])("a session token $says carries the e-mail address of the user", async ({ mint }) => {
    const verified = await verify(await mint());
    expect(verified).toMatchObject({ email: "ann@example.com", name: "Ann", jti: expect.stringMatching(/./) });
    expect(verified?.expiresAtMs).toBeGreaterThan(Date.now());
  });

  test("a session token is refused after its expiry, and after the maximum age", async () => {
    const token = await mintV5({ maxAge: 60 * DAY_SECONDS });
    const inDays = (days: number) => Date.now() + days * DAY_SECONDS * 1_000;
    expect(await verify(token, inDays(29.9))).toBeDefined();
    expect(await verify(token, inDays(30.1))).toBeUndefined();
    const short = await mintV4({ maxAge: 60 });
    expect(await verify(short, Date.now() + 30_000)).toBeDefined();
    expect(await verify(short, Date.now() + 61_000)).toBeUndefined();
  });

  test.each([
    { says: "under another secret, of NextAuth 4", mint: () => mintV4({ secret: "x".repeat(32) }) },
    { says: "under another secret, of Auth.js 5", mint: () => mintV5({ secret: "x".repeat(32) }) },
    { says: "of a sign-in in progress, of NextAuth 4", mint: () => mintV4({ salt: "next-auth.state" }) },
    { says: "of a sign-in in progress, of Auth.js 5", mint: () => mintV5({ salt: "authjs.pkce.code_verifier" }) },
    { says: "that has expired", mint: () => mintV4({ maxAge: -60 }) },
    { says: "issued in the future", mint: () => forgeToken({ payload: { iat: Math.floor(Date.now() / 1_000) + 60 } }) },
    { says: "without a subject", mint: () => mintV5({ token: { email: claims.email } }) },
    { says: "with an empty subject", mint: () => forgeToken({ payload: { sub: "" } }) },
    { says: "without an e-mail address", mint: () => mintV5({ token: { sub: "1" } }) },
    { says: "with an invalid e-mail address", mint: () => mintV5({ token: { sub: "1", email: "ann" } }) },
    { says: "with an e-mail address that is an object", mint: () => forgeToken({ payload: { email: { $ne: "" } } }) },
    {
      says: "with an unverified e-mail address",
      mint: () => forgeToken({ payload: { email_verified: false } }),
    },
    { says: "without an expiry", mint: () => forgeToken({ payload: { exp: undefined as unknown as number } }) },
    { says: "that names another key", mint: () => forgeToken({ header: { kid: "another" } }) },
    { says: "with an unknown header parameter", mint: () => forgeToken({ header: { p2c: 1_000_000_000 } }) },
  ])("a session token $says is refused", async ({ mint }) => {
    expect(await verify(await mint())).toBeUndefined();
  });

  test.each([
    { alg: "PBES2-HS256+A128KW", enc: "A256GCM", p2c: 2_000_000_000, p2s: "c2FsdA" },
    { alg: "dir", enc: "A256CBC-HS512", zip: "DEF" },
    { alg: "dir", enc: "A128GCM" },
    { alg: "none" },
    { alg: "A256KW", enc: "A256GCM" },
    { alg: "RSA-OAEP", enc: "A256GCM", jku: "https://attacker.example/keys" },
  ])("a session token with the header %o is refused before decryption", async (header) => {
    const [, ...rest] = (await mintV5()).split(".");
    const changed = [Buffer.from(JSON.stringify(header)).toString("base64url"), ...rest].join(".");
    expect(await verify(changed)).toBeUndefined();
  });

  test.each(["", "....", "a.b.c.d.e", "%.%.%.%.%", `${"a".repeat(20_000)}....`])(
    "%s is not a session token",
    async (text) => {
      expect(await verify(text)).toBeUndefined();
    },
  );

  test("a session token with any part changed is refused", async () => {
    const parts = (await mintV5()).split(".");
    for (const [at, part] of parts.entries()) {
      const changed = parts.with(at, part === "" ? "AAAA" : `${part[0] === "A" ? "B" : "A"}${part.slice(1)}`);
      expect(await verify(changed.join("."))).toBeUndefined();
    }
  });
});
