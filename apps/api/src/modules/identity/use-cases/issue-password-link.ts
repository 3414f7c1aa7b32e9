import { ok } from "@jifen/core";
import type { Principal } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { createPasswordLink } from "./one-time-links.ts";
import { type UserDeps, type UserTarget, updateUser } from "./update-user.ts";

/**
 * Creates a one-time link to set a password. Sessions continue until the link is used.
 * Refuses, in this order: USER_NOT_FOUND, FORBIDDEN.
 */
export async function issuePasswordLink(deps: UserDeps & Pick<Deps, "publicUrl">, target: UserTarget, by: Principal) {
  // The audit event comes first: no link exists without one.
  const recorded = await updateUser(deps, { target, by, action: "users.passwordLink", set: {}, endsSessions: false });
  return recorded.ok ? ok(await createPasswordLink(deps, recorded.value.id)) : recorded;
}
