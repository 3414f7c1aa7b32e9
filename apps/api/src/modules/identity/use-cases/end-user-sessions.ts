import type { Principal } from "../credentials/principal.ts";
import { type UserDeps, type UserTarget, updateUser } from "./update-user.ts";

/** Ends every session of a user. Refuses, in this order: USER_NOT_FOUND, FORBIDDEN. */
export const endUserSessions = (deps: UserDeps, target: UserTarget, by: Principal) =>
  updateUser(deps, { target, by, action: "users.endSessions", set: {}, endsSessions: true });
