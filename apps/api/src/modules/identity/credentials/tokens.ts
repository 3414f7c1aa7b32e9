import type { webcrypto } from "node:crypto";
import { type UserId, userId } from "@jifen/core";
import { base64url, calculateJwkThumbprint, decodeProtectedHeader, errors, jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import { v4 as uuid } from "uuid";

/** The issuer and the audience of tokens. */
const ISSUER = "jifen";

/** The clock difference between replicas that is accepted: a token that another replica just issued is valid. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** How many valid tokens are cached, so that the signature is not verified with every request. */
const MAX_CACHED = 20_000;

/** The claims of a verified token. */
type TokenClaims = {
  readonly userId: UserId;
  readonly version: number;
  readonly jti: string;
  readonly expiresAtMs: number;
};

/** Issues and verifies tokens. */
export type Tokens = {
  issue(user: { readonly id: UserId; readonly tokenVersion: number }): Promise<{ token: string; expiresAtMs: number }>;
  /** undefined for a token that is malformed, invalid or expired, without a reason. */
  verify(token: string): Promise<TokenClaims | undefined>;
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
      if (cached) return cached.expiresAtMs > nowMs() ? cached : undefined;
      const claims = await verifyToken(token, { keys, expiresInSeconds, nowMs });
      if (claims) cache.set(token, claims);
      return claims;
    },
  };
}

type Verification = { keys: ReadonlyMap<string, Key>; expiresInSeconds: number; nowMs: () => number };

async function verifyToken(
  token: string,
  { keys, expiresInSeconds, nowMs }: Verification,
): Promise<TokenClaims | undefined> {
  const key = keyOf(token, keys);
  if (!key) return undefined;
  const verified = await jwtVerify(token, key, {
    algorithms: ["HS256"],
    typ: "at+jwt",
    issuer: ISSUER,
    audience: ISSUER,
    requiredClaims: ["sub", "iat", "exp", "jti", "ver"],
    maxTokenAge: expiresInSeconds,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: new Date(nowMs()),
  }).catch(nullWhenInvalid);
  if (!verified) return undefined;
  const { sub, iat, exp, ver, jti } = verified.payload;
  if (typeof sub !== "string" || sub === "" || !Number.isSafeInteger(exp) || !Number.isSafeInteger(ver))
    return undefined;
  if (typeof jti !== "string" || jti === "") return undefined;
  // The earlier of the expiry in the token and the maximum age of the current settings.
  const expiresAtMs = Math.min(Number(exp), Number(iat) + expiresInSeconds) * 1_000;
  if (expiresAtMs <= nowMs()) return undefined;
  return { userId: userId(sub), version: ver as number, jti, expiresAtMs };
}

/** The key that the header names; undefined when the token is not in canonical base64url. */
function keyOf(token: string, keys: ReadonlyMap<string, Key>): Key | undefined {
  const parts = token.split(".");
  // A decoder ignores stray bits in the last character: without this check two texts would be the same token.
  if (parts.length !== 3 || !parts.every((part) => Buffer.from(part, "base64url").toString("base64url") === part)) {
    return undefined;
  }
  try {
    return keys.get(decodeProtectedHeader(token).kid ?? "");
  } catch {
    return undefined;
  }
}

function nullWhenInvalid(error: unknown): null {
  if (error instanceof errors.JOSEError) return null;
  throw error;
}
