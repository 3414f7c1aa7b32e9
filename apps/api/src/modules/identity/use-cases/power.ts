import { type Role, roles } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Author, AuthorRefusal, Parties, User } from "@jifen/database";
import { storedRole, storedScopes } from "../users/stored-names.ts";

/** What decides besides the rows: the admins by settings, and the time. */
export type PowerDeps = { readonly adminEmails: ReadonlySet<string>; readonly nowMs: () => number };

/** What an author does to a user: sets the password or makes a link to set it, or anything else. */
export type ActionOnUser = "password" | "other";

/**
 * The role that a user has. ADMIN_EMAILS makes no admin of a user whose password was set with a link of a service key: its
 * owner can know the password. Setting it with another link, or by e-mail, makes this user an admin.
 */
export function effectiveRole(user: Pick<User, "email" | "role" | "claim">, adminEmails: ReadonlySet<string>): Role {
  return adminEmails.has(user.email) && user.claim !== "key" ? "admin" : storedRole(user);
}

/** The role that an address has without a user, or with one that is created now. */
const roleOfAddress = (email: string, role: Role, adminEmails: ReadonlySet<string>): Role =>
  adminEmails.has(email) ? "admin" : role;

const isAtMost = (role: Role, most: Role): boolean => roles.indexOf(role) <= roles.indexOf(most);

/**
 * The most powerful users that an author can create, link or change now; undefined for none. The command line and the
 * settings belong to the operator; a link by e-mail proves the address. Every other author is a person or a key whose row
 * says what is left of their power.
 */
function powerOf({ name, user, key }: Author, { adminEmails, nowMs }: PowerDeps): Role | undefined {
  if (name === "operator" || name === "system" || name === "mail") return "admin";
  // Links of older versions have no issuer and are valid for an hour: each of them can be of a service key.
  if (name === null) return "user";
  if (!user || user.deletedAtMs !== null || user.suspendedAtMs !== null) return undefined;
  if (effectiveRole(user, adminEmails) !== "admin") return undefined;
  if (!name.startsWith("key:")) return "admin";
  const isValid = key && key.revokedAtMs === null && (key.expiresAtMs === null || key.expiresAtMs > nowMs());
  return isValid && storedScopes(key).includes("users:write") ? "user" : undefined;
}

/**
 * The one function that decides whether an author can do something to a user, from the rows as they are when it takes
 * effect: when the change is written, or when the link is used.
 * Refuses, in this order: FORBIDDEN, USER_HAS_CREDENTIALS.
 */
export const authorizing =
  (deps: PowerDeps, action: ActionOnUser) =>
  ({ author, target, ownsKeys }: Parties): Outcome<undefined, AuthorRefusal> => {
    const power = powerOf(author, deps);
    if (power === undefined || !isAtMost(roleOfTarget(target, deps), power)) return refuse({ code: "FORBIDDEN" });
    const isUnclaimed = target.claim === "open" && target.passwordHash === null && !ownsKeys;
    const isTakeover = action === "password" && author.key !== undefined && !isUnclaimed;
    return isTakeover ? refuse({ code: "USER_HAS_CREDENTIALS" }) : ok(undefined);
  };

/** Counts ADMIN_EMAILS in every case: a link of a key must not become one of an admin by any detour. */
const roleOfTarget = (target: User, { adminEmails }: PowerDeps): Role =>
  roleOfAddress(target.email, storedRole(target), adminEmails);

/** Whether an author can create a user with this address and role now. */
export function canCreate(author: Author, { email, role }: { email: string; role: Role }, deps: PowerDeps): boolean {
  const power = powerOf(author, deps);
  return power !== undefined && isAtMost(roleOfAddress(email, role, deps.adminEmails), power);
}
