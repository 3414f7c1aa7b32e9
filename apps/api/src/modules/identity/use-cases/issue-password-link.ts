import type { Refusal } from "@jifen/contract";
import { invariant, type Outcome, ok, refuse, userId } from "@jifen/core";
import type { Principal } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { newPasswordLink, type PasswordLink } from "./one-time-links.ts";
import { applyUpdate, type UserDeps, type UserTarget } from "./update-user.ts";

/**
 * Creates a one-time link to set a password, in the transaction of its audit event. Sessions continue until the link is
 * used. A service key creates one only for a user who has no way to sign in: with another it could take the account.
 * Refuses, in this order: USER_NOT_FOUND, FORBIDDEN, USER_HAS_CREDENTIALS.
 */
export async function issuePasswordLink(
  deps: UserDeps & Pick<Deps, "publicUrl">,
  target: UserTarget,
  by: Principal,
): Promise<Outcome<PasswordLink, Refusal<"USER_NOT_FOUND" | "FORBIDDEN" | "USER_HAS_CREDENTIALS">>> {
  const { row, shown } = newPasswordLink(deps, userId(target.userId), by.actor);
  const issue = { action: "users.passwordLink", actionOnUser: "password", set: {}, endsSessions: false } as const;
  const issued = await applyUpdate(deps, { ...issue, target, by, newLink: row });
  if (issued.ok) return ok(shown);
  const { refusal } = issued;
  invariant(refusal.code !== "LAST_ADMIN", "LAST_ADMIN refuses only a change that takes permissions away");
  return refuse(refusal);
}
