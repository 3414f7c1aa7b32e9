import type { Refusal } from "@jifen/contract";
import { type AccountId, accountOf, type Outcome, ok, refuse, userId } from "@jifen/core";
import { findUser } from "../../identity/users/find-user.ts";
import type { Deps } from "../deps.ts";

/**
 * The account of a user that staff grants credits to or revokes them from. Known users come from the cache, as for
 * authentication: a grant must not wait for a connection behind long reads of others. A user that the cache does not have
 * may have been created by another process. Refuses with USER_NOT_FOUND.
 */
export async function findRecipient(
  deps: Pick<Deps, "database" | "userCache">,
  id: string,
): Promise<Outcome<AccountId, Refusal<"USER_NOT_FOUND">>> {
  const cached = await deps.userCache.find(userId(id));
  const found = cached ? ok(cached) : await findUser(deps, id);
  return found.ok ? ok(accountOf(found.value.id)) : refuse(found.refusal);
}
