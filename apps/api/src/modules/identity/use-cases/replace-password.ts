import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { User } from "@jifen/database";
import type { Caller } from "../credentials/caller.ts";
import { weakPassword } from "../credentials/password-rule.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "./change-user.ts";
import { checkPassword } from "./check-password.ts";

/** Who replaces which password, and where the request came from. */
type Replacement = {
  readonly caller: Caller;
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly requestId: string;
  readonly address: string;
};

/**
 * Replaces the password of a user who knows the current one, and ends all sessions.
 * Refuses, in this order: RATE_LIMITED, INVALID_CREDENTIALS, VALIDATION_FAILED (newPassword), UNAUTHENTICATED.
 */
export async function replacePassword(
  deps: Deps,
  { caller, currentPassword, newPassword, requestId, address }: Replacement,
): Promise<Outcome<User, Refusal<"RATE_LIMITED" | "INVALID_CREDENTIALS" | "VALIDATION_FAILED" | "UNAUTHENTICATED">>> {
  const { database, passwords, passwordRule } = deps;
  const { userId, actor, session } = caller;
  // A stolen session must not allow guessing the password. Its guesses count for this session alone, so that they do not
  // lock the owner out.
  const attempt = { account: userId, address, sessionId: session?.jti ?? actor };
  const user = await database.users.find(userId);
  const checked = await checkPassword(deps, { attempt, password: currentPassword, user, isActive: true });
  if (!checked.ok) return checked;
  const problem = passwordRule(newPassword, checked.value.email);
  if (problem !== undefined) return refuse(weakPassword("newPassword", problem));
  const passwordHash = await passwords.hash(newPassword, { ...attempt, isKnown: true });
  const by = { actor, requestId };
  await changeUser(deps, { id: userId, set: { passwordHash }, endsSessions: true, action: "users.setPassword", by });
  const changed = await database.users.find(userId);
  if (!changed || changed.deletedAtMs !== null) return refuse({ code: "UNAUTHENTICATED" });
  return ok(changed);
}
