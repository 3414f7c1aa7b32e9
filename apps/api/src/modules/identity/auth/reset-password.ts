import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { weakPassword } from "../credentials/password-rule.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "../use-cases/change-user.ts";
import { parseLinkToken } from "../use-cases/one-time-links.ts";
import { authorizing } from "../use-cases/power.ts";

/** Sets the password of a user by one-time link. Of concurrent requests with the same link, one succeeds. */
export const resetPassword = (deps: Deps) =>
  implement(operations.auth.resetPassword, async ({ input, requestId, address }) => {
    const { database, passwords, passwordRule, rateLimits, nowMs } = deps;
    const parsed = parseLinkToken(input.token, "password");
    const link = parsed && (await database.links.find({ ...parsed, nowMs: nowMs() }));
    // Before the password is hashed: hashing is expensive, and only a valid link may cause it.
    if (!parsed || !link) return refuse({ code: "LINK_EXPIRED" });
    const problem = passwordRule(input.newPassword, link.userId);
    if (problem !== undefined) return refuse(weakPassword("newPassword", problem));
    const { issuer } = link;
    const origin = { account: link.userId, address: await address() };
    const passwordHash = await passwords.hash(input.newPassword, { ...origin, isKnown: true });
    const changed = await changeUser(deps, {
      id: link.userId,
      set: { passwordHash, claim: issuer?.startsWith("key:") ? "key" : null },
      endsSessions: true,
      link: { ...parsed, issuer, nowMs: nowMs() },
      // What the issuer of the link can do, and what the user is, counts now: both can have changed since.
      authorize: authorizing(deps, "password"),
      action: "users.setPassword",
      details: { issuer },
      by: { actor: "link", requestId },
    });
    // A link of a deleted user, and one whose issuer can no longer make it, is refused like an expired one.
    if (!changed.ok) return refuse({ code: "LINK_EXPIRED" });
    // The owner can log in from here now, whatever others guess.
    await rateLimits.login.succeeded(origin);
    return ok({ success: true });
  });
