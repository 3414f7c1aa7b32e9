import type { webcrypto } from "node:crypto";
import { type UserId, userId } from "@jifen/core";
import { base64url, calculateJwkThumbprint, decodeProtectedHeader, errors, jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import { v4 as uuid } from "uuid";

/** Who issues our tokens and whom they are for. */
const ISSUER = "jifen";

/** How far the clocks of replicas may be apart: a token that another one has just issued is not from the future. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** How many good tokens are remembered, so that a signature is computed once and not with every request. */
const MAX_REMEMBERED = 20_000;

/** What a token says, once its signature and its times are right. */
type TokenClaims = {
  readonly userId: UserId;
  readonly version: number;
  readonly jti: string;
  readonly expiresAtMs: number;
};

/** Makes and reads our own tokens. */
export type Tokens = {
  issue(user: { readonly id: UserId; readonly tokenVersion: number }): Promise<{ token: string; expiresAtMs: number }>;
  /** undefined for anything that is not a token of ours, valid now. Never says why. */
  verify(token: string): Promise<TokenClaims | undefined>;
};

/** As the library wants it: any other kind it would import anew for each token. */
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
 * HS256 tokens of type `at+jwt` (RFC 9068). The first secret signs, all of them verify; `kid` is the
 * secret's thumbprint (RFC 7638), so that a secret can be replaced without logging anyone out.
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
  const remembered = new LRUCache<string, TokenClaims>({ max: MAX_REMEMBERED });
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
      const known = remembered.get(token);
      if (known) return known.expiresAtMs > nowMs() ? known : undefined;
      const claims = await readToken(token, { keys, expiresInSeconds, nowMs });
      if (claims) remembered.set(token, claims);
      return claims;
    },
  };
}

type Reading = { keys: ReadonlyMap<string, Key>; expiresInSeconds: number; nowMs: () => number };

async function readToken(token: string, { keys, expiresInSeconds, nowMs }: Reading): Promise<TokenClaims | undefined> {
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
  // Whichever is first: what the token says, or the age that is accepted now.
  const expiresAtMs = Math.min(Number(exp), Number(iat) + expiresInSeconds) * 1_000;
  if (expiresAtMs <= nowMs()) return undefined;
  return { userId: userId(sub), version: ver as number, jti, expiresAtMs };
}

/** The key that the header names, when the token is written in the one way we write it. */
function keyOf(token: string, keys: ReadonlyMap<string, Key>): Key | undefined {
  const parts = token.split(".");
  // A decoder forgives stray bits in the last character; two texts must not be one token.
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
