import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Principal } from "../credentials/principal.ts";
import { type CreateUserDeps, createUser } from "./create-user.ts";
import { issuePasswordLink } from "./issue-password-link.ts";
import type { PasswordLink } from "./one-time-links.ts";
import { setUserRole } from "./set-user-role.ts";

/** An admin, with a link to set a password. `isNew` is false when an existing user was promoted. */
type CreatedAdmin = { readonly isNew: boolean; readonly passwordLink: PasswordLink };

/**
 * Creates an admin, or promotes an existing user to admin, and creates a one-time link to set a password.
 * Refuses with EMAIL_TAKEN when the address belongs to a deleted user.
 */
export async function createAdmin(
  deps: CreateUserDeps,
  { email, name }: { readonly email: string; readonly name?: string | undefined },
  by: Principal,
): Promise<Outcome<CreatedAdmin, Refusal>> {
  const created = await createUser(deps, { email, name, role: "admin" }, by);
  if (created.ok) return ok({ isNew: true, passwordLink: created.value.passwordLink });
  if (created.refusal.code !== "EMAIL_TAKEN") return created;
  const promoted = await setUserRole(deps, { userId: email, role: "admin" }, by);
  if (!promoted.ok) return promoted.refusal.code === "USER_NOT_FOUND" ? refuse({ code: "EMAIL_TAKEN" }) : promoted;
  const passwordLink = await issuePasswordLink(deps, { userId: email }, by);
  return passwordLink.ok ? ok({ isNew: false, passwordLink: passwordLink.value }) : passwordLink;
}
