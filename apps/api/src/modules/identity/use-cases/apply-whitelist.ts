import { availableParallelism } from "node:os";
import { type UserId, userId } from "@jifen/core";
import type { User } from "@jifen/database";
import { bySystem, toAuditEvent } from "../../audit/audit-event.ts";
import type { Deps } from "../deps.ts";
import { insertUser } from "./insert-user.ts";

/** How many users are read together. */
const CHUNK_SIZE = 100;

/** How many passwords are hashed concurrently: logins, which need the same threads, wait for few of them. */
const CONCURRENCY = Math.max(1, Math.floor((availableParallelism() - 1) / 2));

/** One entry of USER_WHITELIST. `email` is normalised. */
export type WhitelistEntry = { readonly email: string; readonly password: string };

/** What applying the whitelist needs. */
type WhitelistDeps = Pick<Deps, "database" | "passwords" | "whitelistTags" | "userCache" | "newId" | "nowMs">;

/**
 * Brings the users in line with USER_WHITELIST: creates missing users, and sets the passwords of entries that have changed
 * since they were applied last (which ends the sessions that were opened with the old one). An unchanged entry costs no hash
 * and changes nothing, also when its owner has changed the password. Deletes no user.
 * @returns how many users were created and updated.
 */
export async function applyWhitelist(
  deps: WhitelistDeps,
  entries: readonly WhitelistEntry[],
  initialCredits: number,
): Promise<{ made: number; changed: number }> {
  const count = { made: 0, changed: 0, same: 0 };
  for (let from = 0; from < entries.length; from += CHUNK_SIZE) {
    const pending = await pendingEntries(deps, entries.slice(from, from + CHUNK_SIZE));
    const apply = async () => {
      for (let next = pending.shift(); next; next = pending.shift()) count[await next(deps, initialCredits)] += 1;
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, apply));
  }
  return count;
}

type Apply = (deps: WhitelistDeps, initialCredits: number) => Promise<"made" | "changed" | "same">;

/** What has to be done for the entries that are not known to be unchanged. */
async function pendingEntries(
  { database, whitelistTags }: WhitelistDeps,
  entries: readonly WhitelistEntry[],
): Promise<Apply[]> {
  const users = await database.users.findMany(entries.map(({ email }) => userId(email)));
  const byId = new Map<string, User>(users.map((user) => [user.id, user]));
  return entries.flatMap((entry): Apply[] => {
    const existing = byId.get(entry.email);
    if (!existing) return [(deps, initialCredits) => createListed(deps, entry, initialCredits)];
    // A deleted user is not changed: an entry left in the whitelist does not restore the user.
    if (existing.deletedAtMs !== null) return [];
    return toUpdate(whitelistTags, entry, existing);
  });
}

/** What has to be done for the entry of an existing user: nothing, if the entry is the one that was applied last. */
function toUpdate(
  tags: Deps["whitelistTags"],
  entry: WhitelistEntry,
  { id, passwordHash, whitelistTag }: User,
): Apply[] {
  // Before tags were stored, every start set the password of the entry.
  if (whitelistTag === null) return [(deps) => updateListed(deps, entry, { id, applied: passwordHash })];
  const compared = tags.compare(entry, whitelistTag);
  switch (compared.is) {
    case "same":
      return [];
    case "outdated":
      return [(deps) => storeTag(deps, entry, { id, applied: compared.passwordHash })];
    case "changed":
      return [(deps) => updateListed(deps, entry, { id, applied: passwordHash })];
    case "unknown":
      return [(deps) => updateListed(deps, entry, { id, applied: compared.passwordHash })];
    default:
      return compared.is satisfies never;
  }
}

async function createListed(deps: WhitelistDeps, entry: WhitelistEntry, initialCredits: number) {
  const passwordHash = await deps.passwords.hash(entry.password);
  const whitelistTag = deps.whitelistTags.tagOf(entry, passwordHash);
  const newUser = { email: entry.email, passwordHash, whitelistTag, role: "user", initialCredits } as const;
  // Another process that was started with the same whitelist can have created the user in between.
  return (await insertUser(deps, newUser, { by: bySystem })) ? "made" : "same";
}

/** A user, and the hash that shows whether the password of the entry is set already. */
type ListedUser = { readonly id: UserId; readonly applied: string | null };

/** Sets the password of an entry, unless it is set already. */
async function updateListed(deps: WhitelistDeps, entry: WhitelistEntry, user: ListedUser) {
  const { id, applied } = user;
  const { passwords, whitelistTags, database } = deps;
  if (applied !== null && (await passwords.matches(entry.password, applied)))
    return storeTag(deps, entry, { id, applied });
  const passwordHash = await passwords.hash(entry.password);
  const changed = await database.users.change({
    id,
    set: { passwordHash, whitelistTag: whitelistTags.tagOf(entry, passwordHash), claim: null },
    endsSessionsAtMs: deps.nowMs(),
    event: toAuditEvent(deps, bySystem, { action: "users.setPassword", subject: `user:${id}` }),
  });
  deps.userCache.forget(id);
  return changed.ok ? "changed" : "same";
}

/** Stores that the entry is the one that was applied last. */
async function storeTag(
  { database, whitelistTags }: WhitelistDeps,
  entry: WhitelistEntry,
  { id, applied }: { readonly id: UserId; readonly applied: string },
): Promise<"same"> {
  await database.users.setWhitelistTag(id, whitelistTags.tagOf(entry, applied));
  return "same";
}
