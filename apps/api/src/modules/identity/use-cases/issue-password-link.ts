import { bilingual, isEmailId, type Refusal } from "@jifen/contract";
import { invariant, type Outcome, ok, refuse, userId } from "@jifen/core";
import type { Principal } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { findUser } from "../users/find-user.ts";
import { newPasswordLink, type PasswordLink } from "./one-time-links.ts";
import { applyUpdate, type UserDeps, type UserTarget } from "./update-user.ts";

/**
 * Creates a one-time link to set a password, in the transaction of its audit event. Sessions continue until the link is
 * used. A service key creates one only for a user who has no way to sign in: with another it could take the account.
 * An admin changes the own password with the current one: a link would make that unnecessary.
 * Refuses, in this order: SELF_ACTION_FORBIDDEN (of a person), USER_NOT_FOUND, VALIDATION_FAILED (of a user without an
 * address, who could not log in with a password), FORBIDDEN, USER_HAS_CREDENTIALS.
 */
export async function issuePasswordLink(
  deps: UserDeps & Pick<Deps, "publicUrl">,
  target: UserTarget,
  by: Principal,
): Promise<
  Outcome<
    PasswordLink,
    Refusal<"SELF_ACTION_FORBIDDEN" | "USER_NOT_FOUND" | "VALIDATION_FAILED" | "FORBIDDEN" | "USER_HAS_CREDENTIALS">
  >
> {
  if (by.key === null && target.userId === by.userId) return refuse({ code: "SELF_ACTION_FORBIDDEN" });
  if (!isEmailId(target.userId)) return refuseLink(deps, target);
  const { row, shown } = newPasswordLink(deps, userId(target.userId), by.actor);
  const issue = { action: "users.passwordLink", actionOnUser: "password", set: {}, endsSessions: false } as const;
  const issued = await applyUpdate(deps, { ...issue, target, by, newLink: row });
  if (issued.ok) return ok(shown);
  const { refusal } = issued;
  invariant(refusal.code !== "LAST_ADMIN", "LAST_ADMIN refuses only a change that takes permissions away");
  return refuse(refusal);
}

const noAddress = bilingual({
  zh: "该用户没有邮箱地址，不能用密码登录",
  en: "has no e-mail address to log in with",
});

/** Refuses a link for a user without an address: USER_NOT_FOUND, VALIDATION_FAILED. */
async function refuseLink(deps: UserDeps, { userId: id }: UserTarget) {
  const found = await findUser(deps, id);
  if (!found.ok) return found;
  return refuse<Refusal<"VALIDATION_FAILED">>({
    code: "VALIDATION_FAILED",
    issues: [{ path: "userId", message: noAddress }],
  });
}
