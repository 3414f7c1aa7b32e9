import { userId } from "@jifen/core";
import type { AuthJsClaims, AuthJsTokens } from "./authjs-tokens.ts";
import type { Tokens } from "./tokens.ts";
import type { CachedUser, UserCache } from "./user-cache.ts";

/** A valid session and its user, who can be suspended. */
type Session = {
  readonly user: CachedUser;
  /** Identifies the session when it is ended alone. */
  readonly jti: string;
  readonly expiresAtMs: number;
};

/** Verifies the tokens of sessions. */
export type Sessions = {
  /** undefined when the token is unknown, expired or ended, or its user is deleted. */
  find(token: string): Promise<Session | undefined>;
};

/** What sessions of Auth.js sites need. */
export type AuthJsSessions = {
  readonly tokens: AuthJsTokens;
  /** Creates the user of the first session (just-in-time provisioning); undefined when it is off. */
  readonly provisionUser?: ((claims: AuthJsClaims) => Promise<void>) | undefined;
};

/** The format decides the kind of token: a signed token of Jifen has three parts, an encrypted one of Auth.js has five. */
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

/** The secret of a site can forge a session of any user, so such a session never has more than the role `user`. */
async function authJsSession(
  token: string,
  { tokens, provisionUser }: AuthJsSessions,
  users: UserCache,
): Promise<Session | undefined> {
  const claims = await tokens.verify(token);
  if (!claims) return undefined;
  const { email, jti, issuedAtMs, expiresAtMs } = claims;
  const id = userId(email);
  const existing = await users.find(id);
  if (!existing && provisionUser) await provisionUser(claims);
  const user = existing ?? (provisionUser && (await users.find(id)));
  // `iat` has seconds: a token issued in the second in which sessions were ended counts as ended.
  if (!user || issuedAtMs <= user.sessionsEndedAtMs || user.endedTokens.has(jti)) return undefined;
  return { user: { ...user, role: "user" }, jti, expiresAtMs };
}
