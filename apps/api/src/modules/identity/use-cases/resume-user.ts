import type { Principal } from "../credentials/principal.ts";
import { type UserDeps, type UserTarget, updateOtherUser } from "./update-user.ts";

/**
 * Ends a suspension. Sessions that the suspension ended stay ended.
 * Refuses, in this order: SELF_ACTION_FORBIDDEN, USER_NOT_FOUND, FORBIDDEN.
 */
export const resumeUser = (deps: UserDeps, target: UserTarget, by: Principal) =>
  updateOtherUser(deps, { target, by, action: "users.resume", set: { suspendedAtMs: null }, endsSessions: false });
