import type { User, UserStore } from "@jifen/database";
import type { UserId } from "@jifen/ledger";
import { LRUCache } from "lru-cache";
import { coalesced } from "./coalesced.ts";
import type { Tokens } from "./tokens.ts";

/** How long a change to a user (suspended, sessions ended) may go unnoticed. */
const STALE_AFTER_MS = 5_000;
const MAX_CACHED_USERS = 20_000;

/** What a session needs to know of its user. */
type SessionUser = {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  readonly tokenVersion: number;
  readonly suspended: boolean;
};

/** A token that is good, and the user it belongs to, who may still be suspended. */
type Session = { readonly user: SessionUser; readonly expiresAtMs: number };

/** Reads tokens and knows their users. */
export type Sessions = {
  /** undefined when the token is not ours, not valid now, of a user that is gone, or ended by a newer version. */
  find(token: string): Promise<Session | undefined>;
};

const sessionUser = (user: User): SessionUser => ({
  id: user.id,
  email: user.email,
  name: user.name,
  tokenVersion: user.tokenVersion,
  suspended: user.suspendedAtMs !== null,
});

/** Users are looked up once in five seconds, however many requests they send; many users at once go together. */
export function createSessions(tokens: Tokens, users: Pick<UserStore, "findMany">): Sessions {
  const find = coalesced(
    async (ids: readonly UserId[]) => new Map((await users.findMany(ids)).map((user) => [user.id, sessionUser(user)])),
  );
  const known = new LRUCache<UserId, SessionUser>({
    max: MAX_CACHED_USERS,
    ttl: STALE_AFTER_MS,
    fetchMethod: find,
  });
  return {
    find: async (token) => {
      const claims = await tokens.verify(token);
      if (!claims) return undefined;
      const user = known.get(claims.userId) ?? (await known.fetch(claims.userId));
      if (!user || user.tokenVersion !== claims.version) return undefined;
      return { user, expiresAtMs: claims.expiresAtMs };
    },
  };
}
