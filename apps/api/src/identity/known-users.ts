import type { Role } from "@jifen/contract";
import type { User, UserStore } from "@jifen/database";
import type { UserId } from "@jifen/ledger";
import { LRUCache } from "lru-cache";
import { coalesced } from "./coalesced.ts";
import { storedRole } from "./stored-names.ts";

/** How long a change to a user (suspended, sessions ended) may go unnoticed by another process. */
const STALE_AFTER_MS = 5_000;
const MAX_CACHED = 20_000;

/** What has to be known of whoever calls. */
export type KnownUser = {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly tokenVersion: number;
  readonly sessionsEndedAtMs: number;
  readonly suspended: boolean;
  /** The ids of sessions that were ended one by one. */
  readonly endedTokens: ReadonlySet<string>;
};

/** Users as they were at most five seconds ago. */
export type KnownUsers = {
  /** undefined for somebody who is not there, or no longer. */
  find(id: UserId): Promise<KnownUser | undefined>;
  /** Looks anew next time: something has just been changed here. */
  forget(id: UserId): void;
};

/** Where users and their ended sessions are kept. */
type Store = Pick<UserStore, "findMany" | "endedTokens">;

const none: ReadonlySet<string> = new Set();

/**
 * Looks users up once in five seconds, however many requests they send; many users at once go together.
 * @param adminEmails normalised addresses of those who are admins whatever the database says.
 */
export function createKnownUsers(users: Store, adminEmails: ReadonlySet<string>): KnownUsers {
  const known = new LRUCache<UserId, KnownUser>({
    max: MAX_CACHED,
    ttl: STALE_AFTER_MS,
    // Whoever waits for a look-up while somebody forgets gets its answer; it is not kept.
    ignoreFetchAbort: true,
    fetchMethod: coalesced(async (ids: readonly UserId[]) => {
      const [found, ended] = await Promise.all([users.findMany(ids), users.endedTokens(ids)]);
      const present = found.filter(({ deletedAtMs }) => deletedAtMs === null);
      return new Map(present.map((user) => [user.id, toKnown(user, ended.get(user.id) ?? none)]));
    }),
  });
  const toKnown = (user: User, endedTokens: ReadonlySet<string>): KnownUser => ({
    id: user.id,
    email: user.email,
    name: user.name,
    role: adminEmails.has(user.email) ? "admin" : storedRole(user),
    tokenVersion: user.tokenVersion,
    sessionsEndedAtMs: user.sessionsEndedAtMs,
    suspended: user.suspendedAtMs !== null,
    endedTokens,
  });
  return {
    find: async (id) => known.get(id) ?? (await known.fetch(id)),
    forget: (id) => void known.delete(id),
  };
}
