import { zProvidedEmail } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import { decodeProtectedHeader, type JWTPayload, jwtDecrypt } from "jose";
import { LRUCache } from "lru-cache";
import { isCompactToken } from "../../../values/base64url.ts";
import { type AuthJsKey, authJsKeys } from "./authjs-keys.ts";
import { CLOCK_TOLERANCE_SECONDS, hasExpired } from "./clock-tolerance.ts";
import { type SessionRefusal, toSessionRefusal } from "./session-refusal.ts";
import { sha256 } from "./sha256.ts";

/** The size of four cookie chunks. Real sessions are shorter. */
const MAX_LENGTH = 16_384;
const MAX_CACHED = 20_000;

/** The claims of an Auth.js session token. */
export type AuthJsClaims = {
  /** Normalised. Identifies the user: `sub` changes with every sign-in, and two providers can use the same one. */
  readonly email: string;
  readonly name: string | undefined;
  readonly jti: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
};

/** Verifies session tokens of NextAuth 4 and Auth.js 5. */
export type AuthJsTokens = {
  verify(token: string): Promise<Outcome<AuthJsClaims, SessionRefusal>>;
};

/** How session tokens are verified. */
export type AuthJsVerification = {
  /** Each of them is tried. */
  readonly secrets: readonly string[];
  /** The names of the session cookies of Auth.js 5, which are salts of its keys. */
  readonly cookieNames: readonly string[];
  /** The maximum age of a token. */
  readonly maxAgeSeconds: number;
  readonly nowMs: () => number;
};

/** Derives the keys once. */
export async function createAuthJsTokens(verification: AuthJsVerification): Promise<AuthJsTokens> {
  const { secrets, cookieNames, nowMs } = verification;
  const keys = (await Promise.all(secrets.map((secret) => authJsKeys(secret, cookieNames)))).flat();
  const cache = new LRUCache<string, AuthJsClaims>({ max: MAX_CACHED });
  return {
    verify: async (token) => {
      const cached = cache.get(token);
      if (cached) return hasExpired(cached.expiresAtMs, nowMs()) ? refuse({ reason: "expired" }) : ok(cached);
      const decrypted = await decrypt(token, keys, verification);
      if (!decrypted.ok) return decrypted;
      const claims = claimsOf(token, decrypted.value, verification);
      if (claims.ok) cache.set(token, claims.value);
      return claims;
    },
  };
}

/**
 * The keys that the header of a token allows; undefined for a token that no version of Auth.js makes. Checked before
 * decryption, so that a forged header cannot cause expensive work.
 */
function allowedKeys(token: string, keys: readonly AuthJsKey[]): readonly AuthJsKey[] | undefined {
  // With direct encryption the part of the encrypted key is empty.
  if (token.length > MAX_LENGTH || !isCompactToken(token, 5) || token.split(".")[1] !== "") return undefined;
  try {
    const { alg, enc, kid, zip, ...others } = decodeProtectedHeader(token);
    if (alg !== "dir" || zip !== undefined || Object.keys(others).some((name) => name !== "typ")) return undefined;
    return keys.filter((key) => key.enc === enc && (kid === undefined || kid === key.kid));
  } catch {
    return undefined;
  }
}

async function decrypt(
  token: string,
  keys: readonly AuthJsKey[],
  { maxAgeSeconds, nowMs }: AuthJsVerification,
): Promise<Outcome<JWTPayload, SessionRefusal>> {
  const allowed = allowedKeys(token, keys);
  let refusal: SessionRefusal = { reason: allowed ? "unknown key" : "malformed" };
  for (const { bytes, enc } of allowed ?? []) {
    try {
      const { payload } = await jwtDecrypt(token, bytes, {
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: [enc],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        maxTokenAge: maxAgeSeconds,
        requiredClaims: ["iat", "exp"],
        currentDate: new Date(nowMs()),
      });
      return ok(payload);
    } catch (error) {
      refusal = toSessionRefusal(error);
      if (refusal.reason !== "undecryptable") break;
    }
  }
  return refuse(refusal);
}

/** Only claims that are used are required: `sub` is not, some providers and callbacks leave it out. */
function claimsOf(
  token: string,
  payload: JWTPayload,
  { maxAgeSeconds }: AuthJsVerification,
): Outcome<AuthJsClaims, SessionRefusal> {
  const { iat, exp, jti, name } = payload;
  if (payload["email_verified"] === false) return refuse({ reason: "unverified e-mail address" });
  const email = zProvidedEmail.safeParse(payload["email"]);
  if (!email.success) return refuse({ reason: "no e-mail address", claim: "email" });
  return ok({
    email: email.data,
    name: typeof name === "string" && name !== "" ? toDisplayName(name) : undefined,
    jti: typeof jti === "string" && jti !== "" ? toStorableId(jti) : sha256(token),
    issuedAtMs: Number(iat) * 1_000,
    expiresAtMs: Math.min(Number(exp), Number(iat) + maxAgeSeconds) * 1_000,
  });
}

/**
 * What identifies a session when it is ended alone: its `jti`, or a digest of one that not every database stores. A token
 * without `jti` is identified by its text, which is canonical.
 */
const toStorableId = (jti: string): string => (/^[\x21-\x7e]{1,100}$/.test(jti) ? jti : sha256(jti));

/** The name from the provider, shortened and without characters that not every database stores. */
const toDisplayName = (name: string): string =>
  name
    .replaceAll(/\p{Cc}/gu, " ")
    .slice(0, 100)
    .toWellFormed();
