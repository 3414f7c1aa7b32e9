import { ok } from "@jifen/core";
import type { Principal } from "../credentials/principal.ts";
import { restrictOtherUser, type UserDeps, type UserTarget } from "./update-user.ts";

/**
 * Deletes a user: no credential of the user works any more. The ledger account stays, and the id is never given to
 * another user. Refuses, in this order: SELF_ACTION_FORBIDDEN, USER_NOT_FOUND, FORBIDDEN, LAST_ADMIN.
 */
export async function deleteUser(deps: UserDeps, target: UserTarget, by: Principal) {
  const deletedAtMs = deps.nowMs();
  const set = { deletedAtMs, passwordHash: null, name: "" };
  const deleted = await restrictOtherUser(deps, { target, by, action: "users.remove", set, endsSessions: true });
  return deleted.ok ? ok({ userId: deleted.value.id, deletedAtMs }) : deleted;
}
