import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import { changeUser } from "../identity/change-user.ts";
import { readLink } from "../identity/links.ts";
import { weakPassword } from "../identity/password-rule.ts";
import { implement } from "../trpc.ts";

/** Another password for whoever has a link. Of many who use it at once, one does. */
export const resetPassword = (deps: Deps) =>
  implement(operations.auth.resetPassword, async ({ input, requestId }) => {
    const { database, passwords, passwordRule, nowMs } = deps;
    const read = readLink(input.token, "password");
    const use = read && { ...read, nowMs: nowMs() };
    // Before the password is hashed: whoever has no link must not make work.
    if (!use || !(await database.links.find(use))) return refuse({ code: "LINK_OVER" });
    const wrong = passwordRule(input.newPassword, use.userId);
    if (wrong !== undefined) return refuse(weakPassword("newPassword", wrong));
    const isSet = await changeUser(deps, {
      id: use.userId,
      set: { passwordHash: await passwords.hash(input.newPassword) },
      endsSessions: true,
      link: { ...use, nowMs: nowMs() },
      action: "users.setPassword",
      by: { actor: "link", requestId },
    });
    return isSet ? ok({ success: true }) : refuse({ code: "LINK_OVER" });
  });
