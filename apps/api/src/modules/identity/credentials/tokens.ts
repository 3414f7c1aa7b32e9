import type { webcrypto } from "node:crypto";
import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import { base64url, calculateJwkThumbprint, decodeProtectedHeader, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import { v4 as uuid } from "uuid";
import { isCompactToken } from "../../../values/base64url.ts";
import { CLOCK_TOLERANCE_SECONDS, hasExpired } from "./clock-tolerance.ts";
import { type SessionRefusal, toSessionRefusal } from "./session-refusal.ts";

/** The issuer and the audience of tokens. */
const ISSUER = "jifen";

/** How many valid tokens are cached, so that the signature is not verified with every request. */
const MAX_CACHED = 20_000;

/** The claims of a verified token. */
type TokenClaims = {
  readonly userId: UserId;
  readonly version: number;
  readonly jti: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
};

/** Issues and verifies tokens. */
export type Tokens = {
  issue(user: { readonly id: UserId; readonly tokenVersion: number }): Promise<{ token: string; expiresAtMs: number }>;
  verify(token: string): Promise<Outcome<TokenClaims, SessionRefusal>>;
};

/** A CryptoKey: jose would import any other kind again for each token. */
type Key = webcrypto.CryptoKey;

type SigningKey = { readonly kid: string; readonly key: Key };

async function signingKey(secret: string): Promise<SigningKey> {
  const bytes = new TextEncoder().encode(secret);
  return {
    kid: await calculateJwkThumbprint({ kty: "oct", k: base64url.encode(bytes) }),
    key: await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]),
  };
}

/**
 * Issues and verifies HS256 tokens of type `at+jwt` (RFC 9068). The first secret signs, all of them verify; `kid` is the
 * thumbprint of the secret (RFC 7638), so that a secret can be rotated without ending sessions.
 */
export async function createTokens(options: {
  readonly secrets: readonly [string, ...string[]];
  readonly expiresInSeconds: number;
  readonly nowMs: () => number;
}): Promise<Tokens> {
  const { expiresInSeconds, nowMs } = options;
  const [signer, ...older] = await Promise.all([
    signingKey(options.secrets[0]),
    ...options.secrets.slice(1).map(signingKey),
  ]);
  const cache = new LRUCache<string, TokenClaims>({ max: MAX_CACHED });
  const keys = new Map([signer, ...older].map(({ kid, key }) => [kid, key]));

  return {
    issue: async ({ id, tokenVersion }) => {
      const issuedAt = Math.floor(nowMs() / 1_000);
      const token = await new SignJWT({ ver: tokenVersion })
        .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: signer.kid })
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setSubject(id)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + expiresInSeconds)
        .setJti(uuid())
        .sign(signer.key);
      return { token, expiresAtMs: (issuedAt + expiresInSeconds) * 1_000 };
    },

    verify: async (token) => {
      const cached = cache.get(token);
      if (cached) return hasExpired(cached.expiresAtMs, nowMs()) ? refuse({ reason: "expired" }) : ok(cached);
      const claims = await verifyToken(token, { keys, expiresInSeconds, nowMs });
      if (claims.ok) cache.set(token, claims.value);
      return claims;
    },
  };
}

type Verification = { keys: ReadonlyMap<string, Key>; expiresInSeconds: number; nowMs: () => number };

async function verifyToken(
  token: string,
  { keys, expiresInSeconds, nowMs }: Verification,
): Promise<Outcome<TokenClaims, SessionRefusal>> {
  const key = keyOf(token, keys);
  if (!key.ok) return key;
  try {
    const { payload } = await jwtVerify(token, key.value, {
      algorithms: ["HS256"],
      typ: "at+jwt",
      issuer: ISSUER,
      audience: ISSUER,
      requiredClaims: ["sub", "iat", "exp", "jti", "ver"],
      maxTokenAge: expiresInSeconds,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(nowMs()),
    });
    return claimsOf(payload, expiresInSeconds);
  } catch (error) {
    return refuse(toSessionRefusal(error));
  }
}

function claimsOf(
  { sub, iat, exp, ver, jti }: JWTPayload,
  expiresInSeconds: number,
): Outcome<TokenClaims, SessionRefusal> {
  const invalid = (claim: string) => refuse({ reason: "missing or invalid claim", claim } as const);
  if (typeof sub !== "string" || sub === "") return invalid("sub");
  if (!Number.isSafeInteger(exp)) return invalid("exp");
  if (!Number.isSafeInteger(ver)) return invalid("ver");
  if (typeof jti !== "string" || jti === "") return invalid("jti");
  // The earlier of the expiry in the token and the maximum age of the current settings.
  const expiresAtMs = Math.min(Number(exp), Number(iat) + expiresInSeconds) * 1_000;
  return ok({ userId: userId(sub), version: ver as number, jti, issuedAtMs: Number(iat) * 1_000, expiresAtMs });
}

/** The key that the header names. Refuses a token that is not in canonical base64url. */
function keyOf(token: string, keys: ReadonlyMap<string, Key>): Outcome<Key, SessionRefusal> {
  if (!isCompactToken(token, 3)) return refuse({ reason: "malformed" });
  try {
    const key = keys.get(decodeProtectedHeader(token).kid ?? "");
    return key ? ok(key) : refuse({ reason: "unknown key" });
  } catch {
    return refuse({ reason: "malformed" });
  }
}
