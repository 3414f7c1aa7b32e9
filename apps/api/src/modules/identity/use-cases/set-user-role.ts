import type { Role } from "@jifen/contract";
import type { Principal } from "../credentials/principal.ts";
import { restrictOtherUser, type UserDeps, type UserTarget, updateOtherUser } from "./update-user.ts";

/**
 * Sets the role of a user.
 * Refuses, in this order: SELF_ACTION_FORBIDDEN, USER_NOT_FOUND, FORBIDDEN, LAST_ADMIN.
 */
export function setUserRole(deps: UserDeps, { role, ...target }: UserTarget & { readonly role: Role }, by: Principal) {
  const update = role === "admin" ? updateOtherUser : restrictOtherUser;
  return update(deps, { target, by, action: "users.setRole", set: { role }, details: { role }, endsSessions: false });
}
