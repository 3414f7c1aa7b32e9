import { createSecretKey } from "node:crypto";
import { userId } from "@jifen/core";
import { base64url, calculateJwkThumbprint, decodeJwt, type JWTPayload, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { createTokens } from "./tokens.ts";

const secret = "the-secret-that-signs-0123456789abcdef";
const older = "an-older-secret-that-verifies-0123456789";
const now = Date.parse("2026-01-01T00:00:00Z");
const user = { id: userId("user@example.com"), tokenVersion: 3 };

async function tokensAt(nowMs: number | (() => number), secrets: [string, ...string[]] = [secret, older]) {
  const clock = typeof nowMs === "number" ? () => nowMs : nowMs;
  const { issue, verify } = await createTokens({ secrets, expiresInSeconds: 3_600, nowMs: clock });
  const verified = async (token: string) => {
    const outcome = await verify(token);
    return outcome.ok ? outcome.value : undefined;
  };
  return { issue, verify: verified, outcome: verify };
}

const kidOf = (of: string) => calculateJwkThumbprint({ kty: "oct", k: base64url.encode(of) });

/** Signs a token that is valid except for the change. */
async function forgeToken(change: {
  header?: Record<string, unknown>;
  payload?: JWTPayload;
  alg?: string;
  key?: string;
}): Promise<string> {
  const at = now / 1_000;
  const payload = {
    ver: 3,
    iss: "jifen",
    aud: "jifen",
    sub: user.id,
    iat: at,
    exp: at + 3_600,
    jti: "1",
    ...change.payload,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: change.alg ?? "HS256", typ: "at+jwt", kid: await kidOf(secret), ...change.header })
    .sign(createSecretKey(Buffer.from(change.key ?? secret)));
}

describe("a token", () => {
  test("a token carries the user, the token version and the expiry", async () => {
    const tokens = await tokensAt(now);
    const { token, expiresAtMs } = await tokens.issue(user);
    const { jti } = decodeJwt(token);
    expect(await tokens.verify(token)).toEqual({ userId: user.id, version: 3, jti, issuedAtMs: now, expiresAtMs });
    expect(expiresAtMs).toBe(now + 3_600_000);
  });

  test("a token is refused when the clock tolerance of 60 s after its expiry is over", async () => {
    const { token } = await (await tokensAt(now)).issue(user);
    expect(await (await tokensAt(now + 3_659_000)).verify(token)).toBeDefined();
    expect(await (await tokensAt(now + 3_660_000)).verify(token)).toBeUndefined();
  });

  test("a token of a replica whose clock is 60 s ahead is valid, and one that is 61 s ahead is refused", async () => {
    const { token } = await (await tokensAt(now)).issue(user);
    expect(await (await tokensAt(now - 60_000)).verify(token)).toBeDefined();
    expect(await (await tokensAt(now - 61_000)).outcome(token)).toEqual({
      ok: false,
      refusal: { reason: "not yet valid", claim: "iat", claimTime: "2026-01-01T00:00:00.000Z" },
    });
  });

  test("a token is not valid before its nbf, with a tolerance of 60 s", async () => {
    const before = (seconds: number) => forgeToken({ payload: { nbf: now / 1_000 + seconds } });
    const tokens = await tokensAt(now);
    expect(await tokens.verify(await before(60))).toBeDefined();
    expect(await tokens.verify(await before(61))).toBeUndefined();
  });

  test("a cached token is refused after its expiry", async () => {
    let clock = now;
    const tokens = await tokensAt(() => clock);
    const { token } = await tokens.issue(user);
    expect(await tokens.verify(token)).toBeDefined();
    clock = now + 3_659_000;
    expect(await tokens.verify(token)).toBeDefined();
    clock = now + 3_660_000;
    expect(await tokens.verify(token)).toBeUndefined();
  });

  test("a token signed with an older secret is valid, and one signed with a removed secret is refused", async () => {
    const { token } = await (await tokensAt(now, [older])).issue(user);
    expect(await (await tokensAt(now)).verify(token)).toBeDefined();
    expect(await (await tokensAt(now, [secret])).verify(token)).toBeUndefined();
  });

  test("a forged token without a change is valid, so the cases below are refused for their change", async () => {
    expect(await (await tokensAt(now)).verify(await forgeToken({}))).toBeDefined();
  });

  test.each([
    { says: "another algorithm of the same family", change: { alg: "HS512" }, reason: "malformed" },
    { says: "another type", change: { header: { typ: "JWT" } }, reason: "wrong type, issuer or audience" },
    { says: "an unknown key id", change: { header: { kid: "unknown" } }, reason: "unknown key" },
    { says: "no key id", change: { header: { kid: undefined } }, reason: "unknown key" },
    {
      says: "another secret under our key id",
      change: { key: "a-secret-of-another-server-0123456789abc" },
      reason: "invalid signature",
    },
    { says: "another issuer", change: { payload: { iss: "other" } }, reason: "wrong type, issuer or audience" },
    { says: "another audience", change: { payload: { aud: "other" } }, reason: "wrong type, issuer or audience" },
    { says: "no expiry", change: { payload: { exp: undefined } }, reason: "missing or invalid claim" },
    {
      says: "an expiry far beyond its age",
      change: { payload: { iat: now / 1_000 - 7_200, exp: now / 1_000 + 999_999 } },
      reason: "expired",
    },
    { says: "no subject", change: { payload: { sub: undefined } }, reason: "missing or invalid claim" },
    {
      says: "a subject that is not text",
      change: { payload: { sub: 5 as unknown as string } },
      reason: "missing or invalid claim",
    },
    { says: "an empty subject", change: { payload: { sub: "" } }, reason: "missing or invalid claim" },
    { says: "no version", change: { payload: { ver: undefined } }, reason: "missing or invalid claim" },
    { says: "a version that is not a number", change: { payload: { ver: "3" } }, reason: "missing or invalid claim" },
    { says: "no token id", change: { payload: { jti: undefined } }, reason: "missing or invalid claim" },
  ])("a token with $says is refused: $reason", async ({ change, reason }) => {
    const refused = await (await tokensAt(now)).outcome(await forgeToken(change));
    expect(refused).toMatchObject({ ok: false, refusal: { reason } });
  });

  test.each([
    {
      says: "unsigned",
      alter: (token: string) => `${base64url.encode('{"alg":"none","typ":"at+jwt"}')}.${token.split(".")[1]}.`,
    },
    { says: "padded", alter: (token: string) => `${token}=` },
    { says: "changed in the stray bits of its last character", alter: flipStrayBits },
    {
      says: "given another payload",
      alter: (token: string) => token.replace(/\.[^.]+\./, `.${base64url.encode('{"sub":"admin"}')}.`),
    },
    { says: "cut short", alter: (token: string) => token.slice(0, -1) },
    { says: "of two parts", alter: (token: string) => token.split(".").slice(0, 2).join(".") },
    { says: "of five parts", alter: (token: string) => `${token}.a.b` },
    { says: "empty", alter: () => "" },
    { says: "not JSON inside", alter: () => "YWJj.YWJj.YWJj" },
  ])("a token that is $says is refused", async ({ alter }) => {
    const tokens = await tokensAt(now);
    const { token } = await tokens.issue(user);
    expect(await tokens.verify(alter(token))).toBeUndefined();
  });
});

/** Replaces the last character with one that a lenient decoder reads as the same 32 bytes. */
function flipStrayBits(token: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = alphabet.indexOf(token.at(-1) ?? "");
  return token.slice(0, -1) + alphabet[last ^ 1];
}
