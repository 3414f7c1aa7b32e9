import { bilingual, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { User } from "@jifen/database";
import { isoTime } from "../../../values/iso-time.ts";
import { weakPassword } from "../credentials/password-rule.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "./change-user.ts";
import { checkPassword } from "./check-password.ts";
import type { NewSession } from "./create-user-by-link.ts";
import { firstAdminPlaceholder } from "./first-admin.ts";
import { parseLinkToken } from "./one-time-links.ts";
import { authorizing } from "./power.ts";

/** A setup link that is used with the address of a user. */
type LinkPromotion = {
  readonly token: string;
  /** The password that the user has. */
  readonly newPassword: string;
  readonly requestId: string;
  /** The client's network address. */
  readonly address: string;
};

/** Whether a password proves that a person is this user. The owner of a service key can know one that the key has set. */
export const canProvePassword = ({ passwordHash, claim, suspendedAtMs, deletedAtMs }: User): boolean =>
  passwordHash !== null && claim !== "key" && suspendedAtMs === null && deletedAtMs === null;

const wrongPassword = bilingual({
  zh: "该邮箱已有用户，请输入该用户的密码",
  en: "This address has a user already: enter the password of that user",
});

/**
 * Makes an existing user the first admin and consumes the setup link, in one transaction. The link is the secret that
 * permits it; the password proves that the address is the visitor's own, under the limits for guessing. Every session of
 * the user ends: one that was stolen from a user must not become one of an admin.
 * Refuses, in this order: LINK_EXPIRED, RATE_LIMITED, VALIDATION_FAILED.
 */
export async function promoteByLink(
  deps: Deps,
  user: User,
  { token, newPassword, requestId, address }: LinkPromotion,
): Promise<Outcome<NewSession, Refusal<"LINK_EXPIRED" | "RATE_LIMITED" | "VALIDATION_FAILED">>> {
  const { database, nowMs, tokens } = deps;
  const parsed = parseLinkToken(token, "first-admin");
  const link = parsed && (await database.links.find({ ...parsed, nowMs: nowMs() }));
  // Before the password is compared: without a valid link, nothing may be learned about a user.
  if (!parsed || link?.userId !== firstAdminPlaceholder) return refuse({ code: "LINK_EXPIRED" });
  const attempt = { account: user.email, address };
  const checked = await checkPassword(deps, { attempt, password: newPassword, user, isActive: true });
  if (!checked.ok) {
    const { refusal } = checked;
    return refuse(refusal.code === "RATE_LIMITED" ? refusal : weakPassword("newPassword", wrongPassword));
  }
  const changed = await changeUser(deps, {
    id: user.id,
    set: { role: "admin" },
    endsSessions: true,
    link: { ...parsed, issuer: link.issuer, nowMs: nowMs() },
    authorize: authorizing(deps, "other"),
    action: "users.setRole",
    details: { role: "admin" },
    by: { actor: "link", requestId },
  });
  const admin = changed.ok ? await database.users.find(user.id) : undefined;
  if (!admin) return refuse({ code: "LINK_EXPIRED" });
  const issued = await tokens.issue(admin);
  return ok({ success: true, userId: admin.id, token: issued.token, expiresAt: isoTime(issued.expiresAtMs) });
}
