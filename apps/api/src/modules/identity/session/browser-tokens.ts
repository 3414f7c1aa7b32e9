import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import { LRUCache } from "lru-cache";
import type { SessionRefusal } from "../credentials/session-refusal.ts";
import { createSignedTokens } from "../credentials/signed-tokens.ts";

/** How many valid tokens are cached, so that the signature is not verified with every request. */
const MAX_CACHED = 5_000;

/** What the token of a browser session says. */
export type BrowserClaims = {
  readonly userId: UserId;
  readonly version: number;
  readonly jti: string;
  /** When the user logged in. */
  readonly signedInAtMs: number;
  /** When the user gave the password last. */
  readonly confirmedAtMs: number;
  /** When this token was issued: a renewal keeps all of the above. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
};

/** Issues and verifies the tokens of browser sessions. */
export type BrowserTokens = {
  issue(claims: BrowserClaims): Promise<string>;
  verify(token: string): Promise<Outcome<BrowserClaims, SessionRefusal>>;
};

const toSeconds = (ms: number): number => Math.floor(ms / 1_000);

/** Tokens of the type `session+jwt`: the cookie of a browser is no bearer token, and a bearer token is no cookie. */
export async function createBrowserTokens(options: {
  readonly secrets: readonly [string, ...string[]];
  readonly maxAgeSeconds: number;
  readonly nowMs: () => number;
}): Promise<BrowserTokens> {
  const signed = await createSignedTokens({ ...options, type: "session+jwt" });
  const cache = new LRUCache<string, BrowserClaims>({ max: MAX_CACHED });
  return {
    issue: (claims) =>
      signed.sign({
        sub: claims.userId,
        ver: claims.version,
        jti: claims.jti,
        auth_time: toSeconds(claims.signedInAtMs),
        confirmed: toSeconds(claims.confirmedAtMs),
        iat: toSeconds(claims.issuedAtMs),
        exp: toSeconds(claims.expiresAtMs),
      }),

    verify: async (token) => {
      const cached = cache.get(token);
      if (cached) return ok(cached);
      const verified = await signed.verify(token);
      if (!verified.ok) return verified;
      const { sub, ver, jti, iat, exp, auth_time: signedIn, confirmed } = verified.value;
      if (!isTime(signedIn)) return refuse({ reason: "missing or invalid claim", claim: "auth_time" });
      if (!isTime(confirmed)) return refuse({ reason: "missing or invalid claim", claim: "confirmed" });
      const claims = {
        ...{ userId: userId(sub), version: ver, jti },
        ...{ signedInAtMs: signedIn * 1_000, confirmedAtMs: confirmed * 1_000 },
        ...{ issuedAtMs: iat * 1_000, expiresAtMs: exp * 1_000 },
      };
      cache.set(token, claims);
      return ok(claims);
    },
  };
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value);
