import { userId } from "@jifen/core";
import { bySystem, toAuditEvent } from "../../audit/audit-event.ts";
import type { Deps } from "../deps.ts";
import { insertUser } from "./insert-user.ts";

/** How many entries are processed concurrently. The queue of password hashes keeps room for logins. */
const CONCURRENCY = 8;

/** One entry of USER_WHITELIST. `email` is normalised. */
export type WhitelistEntry = { readonly email: string; readonly password: string };

/**
 * Brings the users in line with USER_WHITELIST: creates missing users and updates changed passwords (which ends the
 * sessions that were opened with the old one). Deletes no user.
 * @returns how many users were created and updated.
 */
export async function applyWhitelist(
  deps: Pick<Deps, "database" | "passwords" | "newId" | "nowMs">,
  entries: readonly WhitelistEntry[],
  initialCredits: number,
): Promise<{ made: number; changed: number }> {
  const count = { made: 0, changed: 0, same: 0 };
  for (let from = 0; from < entries.length; from += CONCURRENCY) {
    const chunk = entries.slice(from, from + CONCURRENCY);
    const results = await Promise.all(chunk.map((entry) => applyEntry(deps, entry, initialCredits)));
    for (const result of results) count[result] += 1;
  }
  return count;
}

async function applyEntry(
  { passwords, ...deps }: Pick<Deps, "database" | "passwords" | "newId" | "nowMs">,
  { email, password }: WhitelistEntry,
  initialCredits: number,
): Promise<"made" | "changed" | "same"> {
  const { users } = deps.database;
  const existing = await users.find(userId(email));
  if (existing && (await passwords.matches(password, existing.passwordHash))) return "same";
  const passwordHash = await passwords.hash(password);
  const newUser = { email, passwordHash, role: "user", initialCredits } as const;
  if (!existing && (await insertUser(deps, newUser, { by: bySystem }))) return "made";
  // Another process that was started with the same whitelist created the user in between.
  if (!existing) return "same";
  const changed = await users.change({
    id: existing.id,
    set: { passwordHash },
    endsSessionsAtMs: deps.nowMs(),
    event: toAuditEvent(deps, bySystem, { action: "users.setPassword", subject: `user:${existing.id}` }),
  });
  // A deleted user is not changed: an entry left in the whitelist does not restore the user.
  return changed.ok ? "changed" : "same";
}
