import type { Principal } from "../credentials/principal.ts";
import { restrictOtherUser, type UserDeps, type UserTarget } from "./update-user.ts";

/**
 * Suspends a user and ends all sessions: no credential of the user works until `resumeUser`.
 * Refuses, in this order: SELF_ACTION_FORBIDDEN, USER_NOT_FOUND, FORBIDDEN, LAST_ADMIN.
 */
export const suspendUser = (deps: UserDeps, target: UserTarget, by: Principal) =>
  restrictOtherUser(deps, {
    target,
    by,
    action: "users.suspend",
    set: { suspendedAtMs: deps.nowMs() },
    endsSessions: true,
  });
