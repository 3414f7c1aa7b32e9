import type { Refusal } from "@jifen/contract";
import { type AccountId, accountOf, type Outcome, ok, refuse, userId } from "@jifen/core";
import type { Deps } from "./deps.ts";

/** The account of a user who exists, or did: the ledger keeps what deleted users have. Refuses: USER_NOT_FOUND */
export async function findAccount(
  { database }: Pick<Deps, "database">,
  id: string,
): Promise<Outcome<AccountId, Refusal<"USER_NOT_FOUND">>> {
  const user = await database.users.find(userId(id));
  return user ? ok(accountOf(user.id)) : refuse({ code: "USER_NOT_FOUND" });
}
