import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import { changeUser } from "../identity/change-user.ts";
import { weakPassword } from "../identity/password-rule.ts";
import { isoTime } from "../iso-time.ts";
import { implement } from "../trpc.ts";

/** Another password for whoever knows the one before. All sessions end; the answer has a new one. */
export const changePassword = (deps: Deps) =>
  implement(operations.auth.changePassword, async ({ input, caller: { userId, actor }, requestId }) => {
    const { database, passwords, passwordRule, tokens } = deps;
    const user = await database.users.find(userId);
    const knowsIt = await passwords.matches(input.currentPassword, user?.passwordHash ?? null);
    if (!user || !knowsIt) return refuse({ code: "INVALID_CREDENTIALS" });
    const wrong = passwordRule(input.newPassword, user.email);
    if (wrong !== undefined) return refuse(weakPassword("newPassword", wrong));
    const passwordHash = await passwords.hash(input.newPassword);
    const by = { actor, requestId };
    await changeUser(deps, { id: userId, set: { passwordHash }, endsSessions: true, action: "users.setPassword", by });
    const changed = await database.users.find(userId);
    if (!changed || changed.deletedAtMs !== null) return refuse({ code: "UNAUTHENTICATED" });
    const { token, expiresAtMs } = await tokens.issue(changed);
    return ok({ success: true, token, expiresAt: isoTime(expiresAtMs) });
  });
