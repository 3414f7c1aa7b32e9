import type { Role } from "@jifen/contract";
import type { User } from "@jifen/database";
import type { Logger } from "pino";
import { v4 as uuid } from "uuid";
import { hasExpired } from "../credentials/clock-tolerance.ts";
import { findUserOf } from "../credentials/sessions.ts";
import type { CachedUser, UserCache } from "../credentials/user-cache.ts";
import type { BrowserClaims, BrowserTokens } from "./browser-tokens.ts";
import type { SessionCookie } from "./cookie.ts";
import { confirmedUntilMs, type Lifetimes, lifeOf } from "./lifetimes.ts";

/** A session of a browser and its user, who can be suspended. */
type BrowserSession = BrowserClaims & {
  readonly user: CachedUser;
  /** When it expires at the latest, however often it is renewed. */
  readonly endsAtMs: number;
};

/** A session that a response hands to the browser. */
type Issued = { readonly setCookie: string; readonly expiresAtMs: number; readonly confirmedUntilMs: number };

/** Sessions of browsers: a token in a cookie that scripts cannot read. */
export type BrowserSessions = {
  readonly cookie: SessionCookie;
  /** undefined when the token is unknown, expired or ended, or its user is deleted. */
  find(token: string): Promise<BrowserSession | undefined>;
  /** A session for a user who has just given the password. */
  start(user: Pick<User, "id" | "tokenVersion"> & { readonly role: Role }): Promise<Issued>;
  /** The same session with a later expiry; undefined while most of its life is left, and when there is no later one. */
  renew(session: BrowserSession): Promise<Issued | undefined>;
  /** The same session after its user has given the password again. */
  confirm(claims: BrowserClaims, role: Role): Promise<Issued>;
};

type SessionDeps = {
  readonly cookie: SessionCookie;
  readonly tokens: BrowserTokens;
  readonly users: UserCache;
  readonly lifetimes: Lifetimes;
  readonly nowMs: () => number;
  readonly log: Pick<Logger, "debug">;
};

/** A session is renewed when a tenth of its life is over. */
const LIFE_PER_RENEWAL = 10;

/** What a token says of its user and its session, apart from its own times. */
type Identity = Omit<BrowserClaims, "issuedAtMs" | "expiresAtMs">;

/** Creates, finds and renews the sessions of browsers. */
export function createBrowserSessions({ cookie, tokens, users, lifetimes, nowMs, log }: SessionDeps): BrowserSessions {
  /** Tokens have whole seconds: a time that a response shows must be the one in the cookie. */
  const nowInSeconds = () => Math.floor(nowMs() / 1_000) * 1_000;
  const issue = async (
    { userId, version, jti, signedInAtMs, confirmedAtMs }: Identity,
    role: Role,
  ): Promise<Issued> => {
    const issuedAtMs = nowInSeconds();
    const { expiresAtMs } = lifeOf({ role, signedInAtMs, issuedAtMs }, lifetimes);
    const identity = { userId, version, jti, signedInAtMs, confirmedAtMs };
    const token = await tokens.issue({ ...identity, issuedAtMs, expiresAtMs });
    return {
      setCookie: cookie.set(token, Math.max(0, Math.floor((expiresAtMs - issuedAtMs) / 1_000))),
      expiresAtMs,
      confirmedUntilMs: confirmedUntilMs(confirmedAtMs),
    };
  };

  return {
    cookie,
    find: async (token) => {
      const claims = await tokens.verify(token);
      const user = claims.ok ? await findUserOf(claims.value, users) : claims;
      if (!claims.ok || !user.ok) {
        if (!user.ok) log.debug(user.refusal, "a browser session was refused");
        return undefined;
      }
      const { role } = user.value;
      const life = lifeOf({ ...claims.value, role }, lifetimes);
      // The token's own expiry as well: the settings can be longer than they were.
      const expiresAtMs = Math.min(claims.value.expiresAtMs, life.expiresAtMs);
      if (hasExpired(expiresAtMs, nowMs())) return undefined;
      return { ...claims.value, expiresAtMs, endsAtMs: life.endsAtMs, user: user.value };
    },
    start: ({ id, tokenVersion, role }) => {
      const now = nowInSeconds();
      const identity = { userId: id, version: tokenVersion, jti: uuid(), signedInAtMs: now, confirmedAtMs: now };
      return issue(identity, role);
    },
    renew: async (session) => {
      const { user, issuedAtMs, expiresAtMs, endsAtMs } = session;
      const isOld = nowMs() - issuedAtMs > (expiresAtMs - issuedAtMs) / LIFE_PER_RENEWAL;
      if (user.role === "user" || !isOld || expiresAtMs >= endsAtMs) return undefined;
      return issue(session, user.role);
    },
    confirm: (claims, role) => issue({ ...claims, confirmedAtMs: nowInSeconds() }, role),
  };
}
