import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { weakPassword } from "../credentials/password-rule.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "../use-cases/change-user.ts";
import { readLink } from "../use-cases/one-time-links.ts";

/** Another password for whoever has a link. Of many who use it at once, one does. */
export const resetPassword = (deps: Deps) =>
  implement(operations.auth.resetPassword, async ({ input, requestId }) => {
    const { database, passwords, passwordRule, nowMs } = deps;
    const read = readLink(input.token, "password");
    const use = read && { ...read, nowMs: nowMs() };
    // Before the password is hashed: whoever has no link must not make work.
    if (!use || !(await database.links.find(use))) return refuse({ code: "LINK_EXPIRED" });
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
    return isSet ? ok({ success: true }) : refuse({ code: "LINK_EXPIRED" });
  });
