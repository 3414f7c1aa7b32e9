import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, userId } from "@jifen/core";
import type { LinkPurpose, OneTimeLink } from "@jifen/database";
import { isoTime } from "../../../values/iso-time.ts";
import { weakPassword } from "../credentials/password-rule.ts";
import type { Deps } from "../deps.ts";
import { insertUser, type NewUserData } from "./insert-user.ts";
import { keepSignIn } from "./keep-sign-in.ts";
import { parseLinkToken } from "./one-time-links.ts";

/** A registration by one-time link. */
type LinkRegistration = {
  /** The token of the link. */
  readonly token: string;
  readonly purpose: LinkPurpose;
  readonly newPassword: string;
  readonly requestId: string;
  /** The client's network address. */
  readonly address: string;
  /** The user to create; undefined when the link is for something else. */
  readonly toNewUser: (link: OneTimeLink) => Pick<NewUserData, "email" | "name" | "role"> | undefined;
};

/** The session of the user that the link is for. */
export type NewSession = {
  readonly success: true;
  readonly userId: string;
  readonly token: string;
  readonly expiresAt: string;
};

/**
 * Creates a user with a password and consumes the link, in one transaction. Of concurrent requests with the same link, one
 * succeeds. Refuses, in this order: LINK_EXPIRED, VALIDATION_FAILED, EMAIL_TAKEN.
 */
export async function createUserByLink(
  deps: Deps,
  { token, purpose, newPassword, requestId, address, toNewUser }: LinkRegistration,
): Promise<Outcome<NewSession, Refusal<"LINK_EXPIRED" | "VALIDATION_FAILED" | "EMAIL_TAKEN">>> {
  const { database, nowMs, passwords, passwordRule, tokens, userCache, initialCredits } = deps;
  const parsed = parseLinkToken(token, purpose);
  const findLink = async () => parsed && (await database.links.find({ ...parsed, nowMs: nowMs() }));
  const link = await findLink();
  const newUser = link && toNewUser(link);
  // Before the password is hashed: hashing is expensive, and only a valid link may cause it.
  if (!parsed || !newUser) return refuse({ code: "LINK_EXPIRED" });
  const problem = passwordRule(newPassword, newUser.email);
  if (problem !== undefined) return refuse(weakPassword("newPassword", problem));
  const origin = { account: newUser.email, address };
  const passwordHash = await passwords.hash(newPassword, { ...origin, isKnown: true });
  const context = { by: { actor: "link", requestId }, link: { ...parsed, nowMs: nowMs() } };
  if (!(await insertUser(deps, { ...newUser, passwordHash, initialCredits }, context))) {
    return refuse({ code: (await findLink()) ? "EMAIL_TAKEN" : "LINK_EXPIRED" });
  }
  const id = userId(newUser.email);
  userCache.forget(id);
  const user = await database.users.find(id);
  if (!user) return refuse({ code: "LINK_EXPIRED" });
  await deps.rateLimits.login.succeeded(origin);
  await keepSignIn(deps, { userId: id, address, by: "link" });
  const issued = await tokens.issue(user);
  return ok({ success: true, userId: id, token: issued.token, expiresAt: isoTime(issued.expiresAtMs) });
}
