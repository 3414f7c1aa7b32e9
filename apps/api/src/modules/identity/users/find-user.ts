import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, userId } from "@jifen/core";
import type { Database, User } from "@jifen/database";

/** Finds a user that is not deleted. Refuses with USER_NOT_FOUND. */
export async function findUser(
  { database }: { readonly database: Pick<Database, "users"> },
  id: string,
): Promise<Outcome<User, Refusal<"USER_NOT_FOUND">>> {
  const user = await database.users.find(userId(id));
  return user && user.deletedAtMs === null ? ok(user) : refuse({ code: "USER_NOT_FOUND" });
}
