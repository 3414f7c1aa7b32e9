import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, userId } from "@jifen/core";
import type { LinkPurpose, OneTimeLink } from "@jifen/database";
import { isoTime } from "../../../values/iso-time.ts";
import { weakPassword } from "../credentials/password-rule.ts";
import type { Deps } from "../deps.ts";
import { createUser, type Person } from "./create-user.ts";
import { readLink } from "./one-time-links.ts";

/** Somebody with a link who wants to become a user. */
type Newcomer = {
  /** What the link carries. */
  readonly token: string;
  readonly purpose: LinkPurpose;
  readonly newPassword: string;
  readonly requestId: string;
  /** Who that is; undefined when the link is not for this. */
  readonly person: (link: OneTimeLink) => Pick<Person, "email" | "name" | "role"> | undefined;
};

/** How a newcomer is logged in. */
type LoggedIn = {
  readonly success: true;
  readonly userId: string;
  readonly token: string;
  readonly expiresAt: string;
};

/**
 * Makes a user with a password, by a link. Of many who open it at once, one becomes it.
 * Refuses, in this order: LINK_EXPIRED, VALIDATION_FAILED, EMAIL_TAKEN.
 */
export async function createUserByLink(
  deps: Deps,
  { token, purpose, newPassword, requestId, person: personOf }: Newcomer,
): Promise<Outcome<LoggedIn, Refusal<"LINK_EXPIRED" | "VALIDATION_FAILED" | "EMAIL_TAKEN">>> {
  const { database, nowMs, passwords, passwordRule, tokens, userCache, initialCredits } = deps;
  const read = readLink(token, purpose);
  const find = async () => read && (await database.links.find({ ...read, nowMs: nowMs() }));
  const link = await find();
  const person = link && personOf(link);
  // Before the password is hashed: whoever has no link must not make work.
  if (!read || !person) return refuse({ code: "LINK_EXPIRED" });
  const wrong = passwordRule(newPassword, person.email);
  if (wrong !== undefined) return refuse(weakPassword("newPassword", wrong));
  const passwordHash = await passwords.hash(newPassword);
  const making = { by: { actor: "link", requestId }, action: "users.create", link: { ...read, nowMs: nowMs() } };
  if (!(await createUser(deps, { ...person, passwordHash, initialCredits }, making))) {
    return refuse({ code: (await find()) ? "EMAIL_TAKEN" : "LINK_EXPIRED" });
  }
  const id = userId(person.email);
  userCache.forget(id);
  const user = await database.users.find(id);
  if (!user) return refuse({ code: "LINK_EXPIRED" });
  const issued = await tokens.issue(user);
  return ok({ success: true, userId: id, token: issued.token, expiresAt: isoTime(issued.expiresAtMs) });
}
