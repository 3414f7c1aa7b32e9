import type { Principal } from "../credentials/principal.ts";
import { type UserDeps, type UserTarget, updateUser } from "./update-user.ts";

/** Changes the name of a user. Refuses, in this order: USER_NOT_FOUND, FORBIDDEN. */
export const renameUser = (
  deps: UserDeps,
  { name, ...target }: UserTarget & { readonly name: string },
  by: Principal,
) => updateUser(deps, { target, by, action: "users.rename", set: { name }, details: { name }, endsSessions: false });
