import type { KnownUser, KnownUsers } from "./known-users.ts";
import type { Tokens } from "./tokens.ts";

/** A session that is good, and the user it belongs to, who may still be suspended. */
type Session = {
  readonly user: KnownUser;
  /** By which it can be ended alone. */
  readonly jti: string;
  readonly expiresAtMs: number;
};

/** Reads tokens and knows their users. */
export type Sessions = {
  /** undefined when the token is not ours, not valid now, of a user that is gone, or ended. */
  find(token: string): Promise<Session | undefined>;
};

/** Sessions of our own tokens. */
export function createSessions(tokens: Tokens, users: KnownUsers): Sessions {
  return {
    find: async (token) => {
      const claims = await tokens.verify(token);
      if (!claims) return undefined;
      const { jti, expiresAtMs } = claims;
      const user = await users.find(claims.userId);
      if (!user || user.tokenVersion !== claims.version || user.endedTokens.has(jti)) return undefined;
      return { user, jti, expiresAtMs };
    },
  };
}
