import { zEmail } from "@jifen/contract";
import { decodeProtectedHeader, errors, type JWTPayload, jwtDecrypt } from "jose";
import { LRUCache } from "lru-cache";
import { type AuthJsKey, authJsKeys } from "./authjs-keys.ts";
import { sha256 } from "./sha256.ts";

/** Of Auth.js itself. */
const CLOCK_TOLERANCE_SECONDS = 15;
/** As long as four chunks of a cookie; a session that is longer is none of a person. */
const MAX_LENGTH = 16_384;
const MAX_REMEMBERED = 20_000;

/** What a session token of Auth.js says. */
export type AuthJsClaims = {
  /** Normalised. Who somebody is: `sub` is another with every sign-in, or another person's at another provider. */
  readonly email: string;
  readonly name: string | undefined;
  readonly jti: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
};

/** Reads session tokens of NextAuth 4 and Auth.js 5. */
export type AuthJsTokens = {
  /** undefined for anything that is not such a token, valid now. Never says why. */
  verify(token: string): Promise<AuthJsClaims | undefined>;
};

/** What session tokens are read with. */
export type AuthJsReading = {
  /** Any of them may have been used. */
  readonly secrets: readonly string[];
  /** Of Auth.js 5. */
  readonly cookieNames: readonly string[];
  /** How long ago a token may have been issued. */
  readonly maxAgeSeconds: number;
  readonly nowMs: () => number;
};

/** Derives the keys, once. */
export async function createAuthJsTokens(reading: AuthJsReading): Promise<AuthJsTokens> {
  const { secrets, cookieNames, nowMs } = reading;
  const keys = (await Promise.all(secrets.map((secret) => authJsKeys(secret, cookieNames)))).flat();
  const remembered = new LRUCache<string, AuthJsClaims>({ max: MAX_REMEMBERED });
  return {
    verify: async (token) => {
      const known = remembered.get(token);
      if (known) return known.expiresAtMs > nowMs() ? known : undefined;
      const payload = await decrypt(token, keys, reading);
      const claims = payload && claimsOf(token, payload, reading);
      if (claims) remembered.set(token, claims);
      return claims;
    },
  };
}

/** The keys that a token's header allows: decided before anything is decrypted, so that nothing can be made to cost. */
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
  { maxAgeSeconds, nowMs }: AuthJsReading,
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

function claimsOf(token: string, payload: JWTPayload, { maxAgeSeconds, nowMs }: AuthJsReading) {
  const { sub, iat, exp, jti, name } = payload;
  if (typeof sub !== "string" || sub === "" || payload["email_verified"] === false) return undefined;
  const email = zEmail.safeParse(payload["email"]);
  const expiresAtMs = Math.min(Number(exp), Number(iat) + maxAgeSeconds) * 1_000;
  if (!email.success || !(expiresAtMs > nowMs())) return undefined;
  return {
    email: email.data,
    name: typeof name === "string" && name !== "" ? shownName(name) : undefined,
    jti: typeof jti === "string" && jti !== "" ? jti : sha256(token),
    issuedAtMs: Number(iat) * 1_000,
    expiresAtMs,
  };
}

/** As providers give it, but short, and without what no database keeps. */
const shownName = (name: string): string =>
  name
    .replaceAll(/\p{Cc}/gu, " ")
    .slice(0, 100)
    .toWellFormed();
