import { userId } from "@jifen/core";
import { bySystem, toAuditEvent } from "../../audit/audit-event.ts";
import type { Deps } from "../deps.ts";
import { createUser } from "./create-user.ts";

/** As many as may wait for a password to be hashed, with room for people who log in. */
const AT_ONCE = 8;

/** One entry of USER_WHITELIST. `email` is normalised. */
export type WhitelistEntry = { readonly email: string; readonly password: string };

/**
 * Brings the users in line with USER_WHITELIST: missing ones are made, changed passwords are changed
 * (which ends the sessions opened with the old one); nobody is deleted.
 * @returns how many were made and changed.
 */
export async function applyWhitelist(
  deps: Pick<Deps, "database" | "passwords" | "newId" | "nowMs">,
  entries: readonly WhitelistEntry[],
  initialCredits: number,
): Promise<{ made: number; changed: number }> {
  const count = { made: 0, changed: 0, same: 0 };
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const some = entries.slice(from, from + AT_ONCE);
    const results = await Promise.all(some.map((entry) => applyEntry(deps, entry, initialCredits)));
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
  const known = await users.find(userId(email));
  if (known && (await passwords.matches(password, known.passwordHash))) return "same";
  const passwordHash = await passwords.hash(password);
  const person = { email, passwordHash, role: "user", initialCredits } as const;
  if (!known && (await createUser(deps, person, { by: bySystem, action: "users.create" }))) return "made";
  // Somebody else made the user in between: another process that was started with the same list.
  if (!known) return "same";
  const isChanged = await users.change({
    id: known.id,
    set: { passwordHash },
    endsSessionsAtMs: deps.nowMs(),
    event: toAuditEvent(deps, bySystem, { action: "users.setPassword", subject: `user:${known.id}` }),
  });
  // Nobody comes back from a deletion by a line that was left in a list.
  return isChanged ? "changed" : "same";
}
