import type { User } from "@jifen/database";
import type { Deps } from "../deps.ts";

/** How often it is stored that a user was seen. */
const SEEN_EVERY_MS = 3_600_000;

/**
 * Stores that a user was seen now, at most once an hour: most calls write nothing. Never rejects: a user can log in and open
 * pages while the database cannot be written, and the next time stores it.
 */
export async function recordSeen(
  { database, nowMs }: Pick<Deps, "database" | "nowMs">,
  { id, lastSeenAtMs }: Pick<User, "id" | "lastSeenAtMs">,
): Promise<void> {
  const now = nowMs();
  const unlessSinceMs = now - SEEN_EVERY_MS;
  if (lastSeenAtMs !== null && lastSeenAtMs >= unlessSinceMs) return;
  await database.users.recordSeen(id, now, unlessSinceMs).catch(() => undefined);
}
