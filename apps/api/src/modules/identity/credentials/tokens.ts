import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import { LRUCache } from "lru-cache";
import { v4 as uuid } from "uuid";
import { hasExpired } from "./clock-tolerance.ts";
import type { SessionRefusal } from "./session-refusal.ts";
import { createSignedTokens } from "./signed-tokens.ts";

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

/** Issues and verifies bearer tokens: HS256, of type `at+jwt` (RFC 9068). The first secret signs, all of them verify. */
export async function createTokens(options: {
  readonly secrets: readonly [string, ...string[]];
  readonly expiresInSeconds: number;
  readonly nowMs: () => number;
}): Promise<Tokens> {
  const { secrets, expiresInSeconds, nowMs } = options;
  const signed = await createSignedTokens({ secrets, type: "at+jwt", maxAgeSeconds: expiresInSeconds, nowMs });
  const cache = new LRUCache<string, TokenClaims>({ max: MAX_CACHED });
  return {
    issue: async ({ id, tokenVersion }) => {
      const iat = Math.floor(nowMs() / 1_000);
      const exp = iat + expiresInSeconds;
      const token = await signed.sign({ sub: id, iat, exp, jti: uuid(), ver: tokenVersion });
      return { token, expiresAtMs: exp * 1_000 };
    },

    verify: async (token) => {
      const cached = cache.get(token);
      if (cached) return hasExpired(cached.expiresAtMs, nowMs()) ? refuse({ reason: "expired" }) : ok(cached);
      const verified = await signed.verify(token);
      if (!verified.ok) return verified;
      const { sub, iat, exp, jti, ver } = verified.value;
      // The earlier of the expiry in the token and the maximum age of the current settings.
      const expiresAtMs = Math.min(exp, iat + expiresInSeconds) * 1_000;
      const claims = { userId: userId(sub), version: ver, jti, issuedAtMs: iat * 1_000, expiresAtMs };
      cache.set(token, claims);
      return ok(claims);
    },
  };
}
