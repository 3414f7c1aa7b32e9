import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { weakPassword } from "../credentials/password-rule.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "../use-cases/change-user.ts";
import { checkPassword } from "../use-cases/check-password.ts";

/** Changes the password of a user who knows the current one. Ends all sessions; the response carries a new one. */
export const changePassword = (deps: Deps) =>
  implement(operations.auth.changePassword, async ({ input, caller, requestId, address }) => {
    const { database, passwords, passwordRule, tokens } = deps;
    const { userId, actor, session } = caller;
    // A stolen token must not allow guessing the password. Its guesses count for its session alone, so that they do not
    // lock the owner out.
    const attempt = { account: userId, address: await address(), sessionId: session?.jti ?? actor };
    const user = await database.users.find(userId);
    const checked = await checkPassword(deps, { attempt, password: input.currentPassword, user, isActive: true });
    if (!checked.ok) return checked;
    const problem = passwordRule(input.newPassword, checked.value.email);
    if (problem !== undefined) return refuse(weakPassword("newPassword", problem));
    const passwordHash = await passwords.hash(input.newPassword, { ...attempt, isKnown: true });
    const by = { actor, requestId };
    await changeUser(deps, { id: userId, set: { passwordHash }, endsSessions: true, action: "users.setPassword", by });
    const changed = await database.users.find(userId);
    if (!changed || changed.deletedAtMs !== null) return refuse({ code: "UNAUTHENTICATED" });
    const { token, expiresAtMs } = await tokens.issue(changed);
    return ok({ success: true, token, expiresAt: isoTime(expiresAtMs) });
  });
