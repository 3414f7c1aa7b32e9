import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, userId } from "@jifen/core";
import type { Database, User } from "@jifen/database";
import type { Principal } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";

/** Finds a user that is not deleted. Refuses with USER_NOT_FOUND. */
export async function findUser(
  { database }: { readonly database: Pick<Database, "users"> },
  id: string,
): Promise<Outcome<User, Refusal<"USER_NOT_FOUND">>> {
  const user = await database.users.find(userId(id));
  return user && user.deletedAtMs === null ? ok(user) : refuse({ code: "USER_NOT_FOUND" });
}

/**
 * Finds a user that a principal may change. A service key changes plain users only: with a password link for a member of
 * staff it would gain that person's permissions.
 * Refuses, in this order: USER_NOT_FOUND, FORBIDDEN.
 */
export async function findChangeableUser(
  deps: Pick<Deps, "database" | "userCache">,
  { principal, id }: { readonly principal: Principal; readonly id: string },
): Promise<Outcome<User, Refusal<"USER_NOT_FOUND" | "FORBIDDEN">>> {
  const found = await findUser(deps, id);
  if (!found.ok || principal.key === null) return found;
  // The row has the current role; the cache also knows the admins of the settings.
  const cached = await deps.userCache.find(found.value.id);
  const isStaff = found.value.role !== "user" || (cached !== undefined && cached.role !== "user");
  return isStaff ? refuse({ code: "FORBIDDEN", roles: ["admin"], scope: null }) : found;
}
