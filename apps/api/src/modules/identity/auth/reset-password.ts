import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { weakPassword } from "../credentials/password-rule.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "../use-cases/change-user.ts";
import { parseLinkToken } from "../use-cases/one-time-links.ts";

/** Sets the password of a user by one-time link. Of concurrent requests with the same link, one succeeds. */
export const resetPassword = (deps: Deps) =>
  implement(operations.auth.resetPassword, async ({ input, requestId }) => {
    const { database, passwords, passwordRule, nowMs } = deps;
    const parsed = parseLinkToken(input.token, "password");
    const link = parsed && { ...parsed, nowMs: nowMs() };
    // Before the password is hashed: hashing is expensive, and only a valid link may cause it.
    if (!link || !(await database.links.find(link))) return refuse({ code: "LINK_EXPIRED" });
    const problem = passwordRule(input.newPassword, link.userId);
    if (problem !== undefined) return refuse(weakPassword("newPassword", problem));
    const changed = await changeUser(deps, {
      id: link.userId,
      set: { passwordHash: await passwords.hash(input.newPassword) },
      endsSessions: true,
      link: { ...link, nowMs: nowMs() },
      action: "users.setPassword",
      by: { actor: "link", requestId },
    });
    // A link of a deleted user is refused like an expired one.
    return changed.ok ? ok({ success: true }) : refuse({ code: "LINK_EXPIRED" });
  });
