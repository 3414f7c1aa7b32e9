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
const refusalOrClaims = async (token: string, nowMs?: number) => (await tokensAt(nowMs)).verify(token);
const verify = async (token: string, nowMs?: number) => {
  const outcome = await refusalOrClaims(token, nowMs);
  return outcome.ok ? outcome.value : undefined;
};
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
    expect(await verify(short, Date.now() + 118_000)).toBeDefined();
    expect(await verify(short, Date.now() + 121_000)).toBeUndefined();
  });

  test.each([
    { says: "issued 59 s ahead", payload: { iat: 59 }, is: true },
    { says: "issued 62 s ahead", payload: { iat: 62 }, is: false },
    { says: "not valid before 59 s ahead", payload: { nbf: 59 }, is: true },
    { says: "not valid before 62 s ahead", payload: { nbf: 62 }, is: false },
    { says: "expired 58 s ago", payload: { iat: -600, exp: -58 }, is: true },
    { says: "expired 61 s ago", payload: { iat: -600, exp: -61 }, is: false },
    {
      says: "older than the maximum age by 58 s",
      payload: { iat: -30 * DAY_SECONDS - 58, exp: DAY_SECONDS },
      is: true,
    },
    {
      says: "older than the maximum age by 61 s",
      payload: { iat: -30 * DAY_SECONDS - 61, exp: DAY_SECONDS },
      is: false,
    },
  ])("a clock tolerance of 60 s decides about a session token $says: $is", async ({ payload, is }) => {
    const now = Math.floor(Date.now() / 1_000);
    const times = Object.fromEntries(Object.entries(payload).map(([claim, by]) => [claim, now + by]));
    expect((await verify(await forgeToken({ payload: times }))) !== undefined).toBe(is);
  });

  test("a cached session token is refused when the clock tolerance after its expiry is over", async () => {
    let clock = Date.now();
    const tokens = await createAuthJsTokens({
      secrets: [secret],
      cookieNames: authJsCookies,
      maxAgeSeconds: DAY_SECONDS,
      nowMs: () => clock,
    });
    const token = await mintV4({ maxAge: 600 });
    const is: boolean[] = [];
    for (const byMs of [0, 658_000, 3_000]) {
      clock += byMs;
      is.push((await tokens.verify(token)).ok);
    }
    expect(is).toEqual([true, true, false]);
  });

  test.each([
    { says: "without a subject", mint: () => mintV4({ token: { email: "a@example.com", name: "A" } }) },
    { says: "without a subject and a name", mint: () => mintV5({ token: { email: claims.email } }) },
    { says: "with an empty subject", mint: () => forgeToken({ payload: { sub: "" } }) },
    { says: "with a subject that is a number", mint: () => forgeToken({ payload: { sub: 5 as unknown as string } }) },
    {
      says: "without subject and jti",
      mint: () => forgeToken({ payload: { sub: undefined, jti: undefined } as unknown as JWTPayload }),
    },
  ])("a session token $says acts for its e-mail address", async ({ mint }) => {
    expect(await verify(await mint())).toMatchObject({ email: expect.stringMatching(/^a/), jti: expect.any(String) });
  });

  test.each([
    {
      says: "under another secret, of NextAuth 4",
      mint: () => mintV4({ secret: "x".repeat(32) }),
      reason: "undecryptable",
    },
    {
      says: "under another secret, of Auth.js 5",
      mint: () => mintV5({ secret: "x".repeat(32) }),
      reason: "unknown key",
    },
    {
      says: "of a sign-in in progress, of NextAuth 4",
      mint: () => mintV4({ salt: "next-auth.state" }),
      reason: "undecryptable",
    },
    {
      says: "of a sign-in in progress, of Auth.js 5",
      mint: () => mintV5({ salt: "authjs.pkce.code_verifier" }),
      reason: "unknown key",
    },
    { says: "that has expired", mint: () => mintV4({ maxAge: -120 }), reason: "expired" },
    {
      says: "issued in the future",
      mint: () => forgeToken({ payload: { iat: Math.floor(Date.now() / 1_000) + 75 } }),
      reason: "not yet valid",
    },
    { says: "without an e-mail address", mint: () => mintV5({ token: { sub: "1" } }), reason: "no e-mail address" },
    {
      says: "with an invalid e-mail address",
      mint: () => mintV5({ token: { sub: "1", email: "ann" } }),
      reason: "no e-mail address",
    },
    {
      says: "with an e-mail address that is an object",
      mint: () => forgeToken({ payload: { email: { $ne: "" } } }),
      reason: "no e-mail address",
    },
    {
      says: "with an unverified e-mail address",
      mint: () => forgeToken({ payload: { email_verified: false } }),
      reason: "unverified e-mail address",
    },
    {
      says: "without an expiry",
      mint: () => forgeToken({ payload: { exp: undefined as unknown as number } }),
      reason: "missing or invalid claim",
    },
    { says: "that names another key", mint: () => forgeToken({ header: { kid: "another" } }), reason: "unknown key" },
    {
      says: "with an unknown header parameter",
      mint: () => forgeToken({ header: { p2c: 1_000_000_000 } }),
      reason: "malformed",
    },
  ])("a session token $says is refused: $reason", async ({ mint, reason }) => {
    const refusal = await refusalOrClaims(await mint());
    expect(refusal).toMatchObject({ ok: false, refusal: { reason } });
    expect(JSON.stringify(refusal)).not.toContain(claims.email);
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

  test("every other text of a session token is refused, in each of its five parts", async () => {
    const token = await forgeToken({});
    expect(await verify(token)).toBeDefined();
    const parts = token.split(".");
    const alphabet = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];
    const sameBytes = (one: string, other: string) =>
      Buffer.from(one, "base64url").equals(Buffer.from(other, "base64url"));
    const texts = parts.flatMap((part, at) => {
      const base64 = Buffer.from(part, "base64url").toString("base64");
      const ends = part === "" ? [] : alphabet.map((end) => `${part.slice(0, -1)}${end}`);
      const others = [base64, `${part}=`, `${part}==`, `${part} `, `\n${part}`, `${part}%`, ...ends];
      return others
        .filter((each) => each !== part && sameBytes(each, part))
        .map((each) => parts.with(at, each).join("."));
    });
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) expect(await verify(text)).toBeUndefined();
  });

  test("a session is identified by its jti, by a digest of one that cannot be stored, and otherwise by its text", async () => {
    const jtiOf = async (jti: unknown) => (await verify(await forgeToken({ payload: { jti: jti as string } })))?.jti;
    expect(await jtiOf("an-id")).toBe("an-id");
    for (const jti of ["x".repeat(500), "a\0b", "积分"]) expect(await jtiOf(jti)).toMatch(/^[0-9a-f]{64}$/);
    expect(await jtiOf("积分")).toBe(await jtiOf("积分"));
    for (const jti of [undefined, "", 5, null]) expect(await jtiOf(jti)).toMatch(/^[0-9a-f]{64}$/);
  });
});
