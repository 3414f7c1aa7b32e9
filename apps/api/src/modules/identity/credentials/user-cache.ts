import type { Role } from "@jifen/contract";
import type { UserId } from "@jifen/core";
import type { User, UserStore } from "@jifen/database";
import { storedRole } from "../users/stored-names.ts";
import { createTtlCache, type TtlCache } from "./ttl-cache.ts";

/** What has to be known of whoever calls. */
export type CachedUser = {
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

/** Users as they were at most five seconds ago: only those that are there, and not deleted. */
export type UserCache = TtlCache<UserId, CachedUser>;

/** Where users and their ended sessions are kept. */
type Store = Pick<UserStore, "findMany" | "endedTokens">;

const none: ReadonlySet<string> = new Set();

/**
 * Looks users up once in five seconds, however many requests they send; many users at once go together.
 * @param adminEmails normalised addresses of those who are admins whatever the database says.
 */
export function createUserCache(users: Store, adminEmails: ReadonlySet<string>): UserCache {
  const toKnown = (user: User, endedTokens: ReadonlySet<string>): CachedUser => ({
    id: user.id,
    email: user.email,
    name: user.name,
    role: adminEmails.has(user.email) ? "admin" : storedRole(user),
    tokenVersion: user.tokenVersion,
    sessionsEndedAtMs: user.sessionsEndedAtMs,
    suspended: user.suspendedAtMs !== null,
    endedTokens,
  });
  return createTtlCache(async (ids: readonly UserId[]) => {
    const [found, ended] = await Promise.all([users.findMany(ids), users.endedTokens(ids)]);
    const present = found.filter(({ deletedAtMs }) => deletedAtMs === null);
    return new Map(present.map((user) => [user.id, toKnown(user, ended.get(user.id) ?? none)]));
  });
}
