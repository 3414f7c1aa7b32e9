import { userId } from "@jifen/core";
import type { AuthJsClaims, AuthJsTokens } from "./authjs-tokens.ts";
import type { Tokens } from "./tokens.ts";
import type { CachedUser, UserCache } from "./user-cache.ts";

/** A session that is good, and the user it belongs to, who may still be suspended. */
type Session = {
  readonly user: CachedUser;
  /** By which it can be ended alone. */
  readonly jti: string;
  readonly expiresAtMs: number;
};

/** Reads tokens and knows their users. */
export type Sessions = {
  /** undefined when the token is not one of ours or of Auth.js, not valid now, of a user that is gone, or ended. */
  find(token: string): Promise<Session | undefined>;
};

/** Sessions that began at a site with Auth.js. */
export type AuthJsSessions = {
  readonly tokens: AuthJsTokens;
  /** Makes the user of a session that nobody knows yet; nobody is made when it is left out. */
  readonly makeUser?: ((claims: AuthJsClaims) => Promise<void>) | undefined;
};

/** What a token is, is told by its shape alone: a signed one of ours has three parts, an encrypted one of Auth.js five. */
export function createSessions(tokens: Tokens, users: UserCache, authJs?: AuthJsSessions): Sessions {
  return {
    find: async (token) => {
      const parts = token.split(".", 6).length;
      if (parts === 3) return ownSession(token, tokens, users);
      if (parts === 5 && authJs) return authJsSession(token, authJs, users);
      return undefined;
    },
  };
}

async function ownSession(token: string, tokens: Tokens, users: UserCache): Promise<Session | undefined> {
  const claims = await tokens.verify(token);
  if (!claims) return undefined;
  const { jti, expiresAtMs } = claims;
  const user = await users.find(claims.userId);
  if (!user || user.tokenVersion !== claims.version || user.endedTokens.has(jti)) return undefined;
  return { user, jti, expiresAtMs };
}

/** Whoever has the site's secret can be anybody: such a session is a user's, whoever's it is. */
async function authJsSession(
  token: string,
  { tokens, makeUser }: AuthJsSessions,
  users: UserCache,
): Promise<Session | undefined> {
  const claims = await tokens.verify(token);
  if (!claims) return undefined;
  const { email, jti, issuedAtMs, expiresAtMs } = claims;
  const id = userId(email);
  const known = await users.find(id);
  if (!known && makeUser) await makeUser(claims);
  const user = known ?? (makeUser && (await users.find(id)));
  // Issued to the second: one of the second in which sessions were ended is over.
  if (!user || issuedAtMs <= user.sessionsEndedAtMs || user.endedTokens.has(jti)) return undefined;
  return { user: { ...user, role: "user" }, jti, expiresAtMs };
}
