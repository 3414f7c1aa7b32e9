import type { Role } from "@jifen/contract";
import type { UserId } from "@jifen/core";
import type { User, UserStore } from "@jifen/database";
import { effectiveRole } from "../use-cases/power.ts";
import { createTtlCache, type TtlCache } from "./ttl-cache.ts";

/** What authenticating a request needs of its user. */
export type CachedUser = {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly tokenVersion: number;
  readonly sessionsEndedAtMs: number;
  readonly suspended: boolean;
  /** Whether the user was created without a way to sign in and has not signed in since. */
  readonly isUnclaimed: boolean;
  readonly lastSeenAtMs: number | null;
  /** Which multipliers of the catalogue count; null for the group `default`. */
  readonly priceGroup: string | null;
  readonly language: string | null;
  readonly timeZone: string | null;
  /** The ids of sessions that were ended one by one. */
  readonly endedTokens: ReadonlySet<string>;
};

/** Users that exist and are not deleted, as they were at most five seconds ago. */
export type UserCache = TtlCache<UserId, CachedUser>;

/** The stores that the cache reads. */
type Store = Pick<UserStore, "findMany" | "endedTokens">;

const noTokens: ReadonlySet<string> = new Set();

/**
 * Creates a cache that reads each user at most once in five seconds, and concurrent look-ups of different users in batches.
 * @param ttlMs how old its users can be, if not five seconds
 * @param adminEmails normalised addresses of users that are admins whatever the database says.
 */
export function createUserCache(users: Store, adminEmails: ReadonlySet<string>, ttlMs?: number): UserCache {
  const toCachedUser = (user: User, endedTokens: ReadonlySet<string>): CachedUser => ({
    id: user.id,
    email: user.email,
    name: user.name,
    role: effectiveRole(user, adminEmails),
    tokenVersion: user.tokenVersion,
    sessionsEndedAtMs: user.sessionsEndedAtMs,
    suspended: user.suspendedAtMs !== null,
    isUnclaimed: user.claim === "open",
    lastSeenAtMs: user.lastSeenAtMs,
    priceGroup: user.priceGroup,
    language: user.language,
    timeZone: user.timeZone,
    endedTokens,
  });
  return createTtlCache(async (ids: readonly UserId[]) => {
    const [rows, ended] = await Promise.all([users.findMany(ids), users.endedTokens(ids)]);
    const present = rows.filter(({ deletedAtMs }) => deletedAtMs === null);
    return new Map(present.map((user) => [user.id, toCachedUser(user, ended.get(user.id) ?? noTokens)]));
  }, ttlMs);
}
