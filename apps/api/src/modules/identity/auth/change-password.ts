import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { weakPassword } from "../credentials/password-rule.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "../use-cases/change-user.ts";

/** Changes the password of a user who knows the current one. Ends all sessions; the response carries a new one. */
export const changePassword = (deps: Deps) =>
  implement(operations.auth.changePassword, async ({ input, caller: { userId, actor }, requestId, address }) => {
    const { database, rateLimits, passwords, passwordRule, tokens } = deps;
    // A stolen token must not allow guessing the password: attempts count like those of the login.
    const attempt = { account: userId, address: address() };
    const verdict = await rateLimits.login.begin(attempt);
    if (verdict.is === "limited") return refuse({ code: "RATE_LIMITED", retryAfterSeconds: verdict.retryAfterSeconds });
    const user = await database.users.find(userId);
    const matches = await passwords.matches(input.currentPassword, user?.passwordHash ?? null);
    if (!user || !matches || verdict.is !== "open") {
      await rateLimits.login.failed(attempt, verdict);
      return refuse({ code: "INVALID_CREDENTIALS" });
    }
    await rateLimits.login.succeeded(attempt);
    const problem = passwordRule(input.newPassword, user.email);
    if (problem !== undefined) return refuse(weakPassword("newPassword", problem));
    const passwordHash = await passwords.hash(input.newPassword);
    const by = { actor, requestId };
    await changeUser(deps, { id: userId, set: { passwordHash }, endsSessions: true, action: "users.setPassword", by });
    const changed = await database.users.find(userId);
    if (!changed || changed.deletedAtMs !== null) return refuse({ code: "UNAUTHENTICATED" });
    const { token, expiresAtMs } = await tokens.issue(changed);
    return ok({ success: true, token, expiresAt: isoTime(expiresAtMs) });
  });
