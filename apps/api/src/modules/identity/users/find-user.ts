import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, userId } from "@jifen/core";
import type { Database, User } from "@jifen/database";
import type { Caller } from "../credentials/caller.ts";
import type { Deps } from "../deps.ts";

/** The user that somebody wants to look at. Refuses with USER_NOT_FOUND. */
export async function findUser(
  { database }: { readonly database: Pick<Database, "users"> },
  id: string,
): Promise<Outcome<User, Refusal<"USER_NOT_FOUND">>> {
  const user = await database.users.find(userId(id));
  return user && user.deletedAtMs === null ? ok(user) : refuse({ code: "USER_NOT_FOUND" });
}

/**
 * The user that somebody wants to change. A key changes nobody who may more than a user: it would become what they are.
 * Refuses, in this order: USER_NOT_FOUND, FORBIDDEN.
 */
export async function findChangeableUser(
  deps: Pick<Deps, "database" | "userCache">,
  { caller, id }: { readonly caller: Caller; readonly id: string },
): Promise<Outcome<User, Refusal<"USER_NOT_FOUND" | "FORBIDDEN">>> {
  const found = await findUser(deps, id);
  if (!found.ok || caller.key === null) return found;
  // By the row as it is now, or by the settings.
  const known = await deps.userCache.find(found.value.id);
  const isStaff = found.value.role !== "user" || (known !== undefined && known.role !== "user");
  return isStaff ? refuse({ code: "FORBIDDEN", roles: ["admin"], scope: null }) : found;
}
