import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import type { Logger } from "pino";
import type { AuthJsClaims, AuthJsTokens } from "./authjs-tokens.ts";
import type { SessionRefusal } from "./session-refusal.ts";
import type { Tokens } from "./tokens.ts";
import type { CachedUser, UserCache } from "./user-cache.ts";

/** A valid session and its user, who can be suspended. */
export type Session = {
  readonly user: CachedUser;
  /** Identifies the session when it is ended alone. */
  readonly jti: string;
  /** By the clock of the issuer. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
};

/** Verifies the tokens of sessions. */
export type Sessions = {
  /** undefined when the token is unknown, expired or ended, or its user is deleted. The log has the reason at `debug`. */
  find(token: string): Promise<Session | undefined>;
};

/** What sessions of Auth.js sites need. */
type AuthJsSessions = {
  readonly tokens: AuthJsTokens;
  /** Creates the user of the first session (just-in-time provisioning); undefined when it is off. */
  readonly provisionUser?: ((claims: AuthJsClaims) => Promise<void>) | undefined;
  /** Stores that a user signs in for the first time. */
  readonly recordSignIn: (id: UserId) => Promise<void>;
};

/** What sessions are found with; without `authJs` those of Auth.js sites are refused. */
type SessionDeps = {
  readonly tokens: Tokens;
  readonly users: UserCache;
  readonly authJs?: AuthJsSessions | undefined;
  readonly log: Pick<Logger, "debug">;
};

export function createSessions(deps: SessionDeps): Sessions {
  return {
    find: async (token) => {
      const session = await findSession(deps, token);
      if (session.ok) return session.value;
      deps.log.debug(session.refusal, "a session was refused");
      return undefined;
    },
  };
}

/** The format decides the kind of token: a signed token of Jifen has three parts, an encrypted one of Auth.js has five. */
async function findSession(
  { tokens, users, authJs }: SessionDeps,
  token: string,
): Promise<Outcome<Session, SessionRefusal>> {
  const parts = token.split(".", 6).length;
  if (parts === 3) return ownSession(token, tokens, users);
  if (parts !== 5) return refuse({ reason: "malformed" });
  return authJs ? authJsSession(token, authJs, users) : refuse({ reason: "Auth.js sessions are off" });
}

async function ownSession(token: string, tokens: Tokens, users: UserCache): Promise<Outcome<Session, SessionRefusal>> {
  const claims = await tokens.verify(token);
  if (!claims.ok) return claims;
  const { jti, issuedAtMs, expiresAtMs } = claims.value;
  const user = await findUserOf(claims.value, users);
  return user.ok ? ok({ user: user.value, jti, issuedAtMs, expiresAtMs }) : user;
}

/** What a token of Jifen says of its session. */
type Claims = { readonly userId: UserId; readonly version: number; readonly jti: string };

/** The user of a verified token, unless the session has ended. The user can be suspended. */
export async function findUserOf(
  { userId: id, version, jti }: Claims,
  users: UserCache,
): Promise<Outcome<CachedUser, SessionRefusal>> {
  // The token can be newer than the cached row: it was issued after all sessions were ended at another server.
  const user = await users.find(id, (cached) => cached.tokenVersion >= version && !cached.suspended);
  if (!user) return refuse({ reason: "unknown user" });
  if (user.tokenVersion !== version || user.endedTokens.has(jti)) return refuse({ reason: "ended" });
  return ok(user);
}

/** The secret of a site can forge a session of any user, so such a session never has more than the role `user`. */
async function authJsSession(
  token: string,
  { tokens, provisionUser, recordSignIn }: AuthJsSessions,
  users: UserCache,
): Promise<Outcome<Session, SessionRefusal>> {
  const claims = await tokens.verify(token);
  if (!claims.ok) return claims;
  const { email, jti, issuedAtMs, expiresAtMs } = claims.value;
  const id = userId(email);
  const existing = await users.find(id, (cached) => !cached.suspended);
  if (!existing && provisionUser) await provisionUser(claims.value);
  const user = existing ?? (provisionUser && (await users.find(id)));
  if (!user) return refuse({ reason: "unknown user" });
  // `iat` has seconds: a token issued in the second in which sessions were ended counts as ended. There is no tolerance:
  // it would revive ended sessions.
  if (issuedAtMs <= user.sessionsEndedAtMs || user.endedTokens.has(jti)) return refuse({ reason: "ended" });
  if (user.isUnclaimed) await recordSignIn(id);
  return ok({ user: { ...user, role: "user" }, jti, issuedAtMs, expiresAtMs });
}
