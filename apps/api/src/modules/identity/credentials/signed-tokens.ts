import type { webcrypto } from "node:crypto";
import { type Outcome, ok, refuse } from "@jifen/core";
import { base64url, calculateJwkThumbprint, decodeProtectedHeader, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { isCompactToken } from "../../../values/base64url.ts";
import { CLOCK_TOLERANCE_SECONDS } from "./clock-tolerance.ts";
import { type SessionRefusal, toSessionRefusal } from "./session-refusal.ts";

/** The issuer and the audience of tokens. */
const ISSUER = "jifen";

/** What every token says: whose it is, its times in seconds, its id, and the version of the user's sessions. */
type BaseClaims = {
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly ver: number;
};

/** Signs and verifies tokens of one type. */
export type SignedTokens = {
  sign(claims: BaseClaims & JWTPayload): Promise<string>;
  /** The claims of a token. Those of `BaseClaims` have their types; the others are unchecked. */
  verify(token: string): Promise<Outcome<BaseClaims & JWTPayload, SessionRefusal>>;
};

/** How tokens are signed and verified. */
export type SigningOptions = {
  /** The first secret signs, all of them verify. */
  readonly secrets: readonly [string, ...string[]];
  /** The `typ` of the header: a token of one type is never taken for one of another. */
  readonly type: string;
  /** The largest age of a token whatever its expiry. */
  readonly maxAgeSeconds: number;
  readonly nowMs: () => number;
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
 * Signs and verifies HS256 tokens. `kid` is the thumbprint of the secret (RFC 7638), so that a secret can be rotated
 * without ending sessions.
 */
export async function createSignedTokens({
  secrets,
  type,
  maxAgeSeconds,
  nowMs,
}: SigningOptions): Promise<SignedTokens> {
  const [signer, ...older] = await Promise.all([signingKey(secrets[0]), ...secrets.slice(1).map(signingKey)]);
  const keys = new Map([signer, ...older].map(({ kid, key }) => [kid, key]));
  return {
    sign: (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256", typ: type, kid: signer.kid })
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .sign(signer.key),
    verify: async (token) => {
      const key = keyOf(token, keys);
      if (!key.ok) return key;
      try {
        const { payload } = await jwtVerify(token, key.value, {
          algorithms: ["HS256"],
          typ: type,
          issuer: ISSUER,
          audience: ISSUER,
          requiredClaims: ["sub", "iat", "exp", "jti", "ver"],
          maxTokenAge: maxAgeSeconds,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(nowMs()),
        });
        return toBaseClaims(payload);
      } catch (error) {
        return refuse(toSessionRefusal(error));
      }
    },
  };
}

function toBaseClaims(payload: JWTPayload): Outcome<BaseClaims & JWTPayload, SessionRefusal> {
  const { sub, exp, ver, jti } = payload;
  const invalid = (claim: string) => refuse({ reason: "missing or invalid claim", claim } as const);
  if (typeof sub !== "string" || sub === "") return invalid("sub");
  if (!Number.isSafeInteger(exp)) return invalid("exp");
  if (!Number.isSafeInteger(ver)) return invalid("ver");
  if (typeof jti !== "string" || jti === "") return invalid("jti");
  return ok({ ...payload, sub, jti, iat: Number(payload.iat), exp: Number(exp), ver: Number(ver) });
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
