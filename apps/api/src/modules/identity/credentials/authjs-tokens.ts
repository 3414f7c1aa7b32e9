import { zEmail } from "@jifen/contract";
import { decodeProtectedHeader, errors, type JWTPayload, jwtDecrypt } from "jose";
import { LRUCache } from "lru-cache";
import { type AuthJsKey, authJsKeys } from "./authjs-keys.ts";
import { sha256 } from "./sha256.ts";

/** The clock tolerance of Auth.js. */
const CLOCK_TOLERANCE_SECONDS = 15;
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
  /** undefined for a token that is malformed, invalid or expired, without a reason. */
  verify(token: string): Promise<AuthJsClaims | undefined>;
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
      if (cached) return cached.expiresAtMs > nowMs() ? cached : undefined;
      const payload = await decrypt(token, keys, verification);
      const claims = payload && claimsOf(token, payload, verification);
      if (claims) cache.set(token, claims);
      return claims;
    },
  };
}

/** The keys that the header of a token allows. Checked before decryption, so that a forged header cannot cause expensive work. */
function allowedKeys(token: string, keys: readonly AuthJsKey[]): readonly AuthJsKey[] {
  if (token.length > MAX_LENGTH) return [];
  try {
    const { alg, enc, kid, zip, ...others } = decodeProtectedHeader(token);
    if (alg !== "dir" || zip !== undefined || Object.keys(others).some((name) => name !== "typ")) return [];
    return keys.filter((key) => key.enc === enc && (kid === undefined || kid === key.kid));
  } catch {
    return [];
  }
}

async function decrypt(
  token: string,
  keys: readonly AuthJsKey[],
  { maxAgeSeconds, nowMs }: AuthJsVerification,
): Promise<JWTPayload | undefined> {
  for (const { bytes, enc } of allowedKeys(token, keys)) {
    try {
      const { payload } = await jwtDecrypt(token, bytes, {
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: [enc],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        maxTokenAge: maxAgeSeconds,
        requiredClaims: ["sub", "iat", "exp"],
        currentDate: new Date(nowMs()),
      });
      return payload;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      if (!(error instanceof errors.JWEDecryptionFailed)) return undefined;
    }
  }
  return undefined;
}

function claimsOf(token: string, payload: JWTPayload, { maxAgeSeconds, nowMs }: AuthJsVerification) {
  const { sub, iat, exp, jti, name } = payload;
  if (typeof sub !== "string" || sub === "" || payload["email_verified"] === false) return undefined;
  const email = zEmail.safeParse(payload["email"]);
  const expiresAtMs = Math.min(Number(exp), Number(iat) + maxAgeSeconds) * 1_000;
  if (!email.success || !(expiresAtMs > nowMs())) return undefined;
  return {
    email: email.data,
    name: typeof name === "string" && name !== "" ? toDisplayName(name) : undefined,
    jti: typeof jti === "string" && jti !== "" ? jti : sha256(token),
    issuedAtMs: Number(iat) * 1_000,
    expiresAtMs,
  };
}

/** The name from the provider, shortened and without characters that not every database stores. */
const toDisplayName = (name: string): string =>
  name
    .replaceAll(/\p{Cc}/gu, " ")
    .slice(0, 100)
    .toWellFormed();
