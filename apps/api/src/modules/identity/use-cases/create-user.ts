import type { Refusal, Role } from "@jifen/contract";
import { type Outcome, ok, refuse, userId } from "@jifen/core";
import type { User } from "@jifen/database";
import type { Principal } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { findUser } from "../users/find-user.ts";
import { countNewUser, type NewUserCountDeps } from "./count-new-user.ts";
import { insertUser } from "./insert-user.ts";
import { newPasswordLink, type PasswordLink } from "./one-time-links.ts";
import { canCreate } from "./power.ts";

/** What this use case needs. */
export type CreateUserDeps = Pick<
  Deps,
  "database" | "userCache" | "newId" | "nowMs" | "publicUrl" | "initialCredits" | "adminEmails"
> &
  NewUserCountDeps;

/**
 * Creates a user without a password, and a one-time link to set one, in one transaction.
 * Refuses, in this order: FORBIDDEN (a service key creates plain users only, and none of ADMIN_EMAILS), EMAIL_TAKEN,
 * RATE_LIMITED (the service key has created as many as it can).
 */
export async function createUser(
  deps: CreateUserDeps,
  { email, name, role }: { readonly email: string; readonly name?: string | undefined; readonly role: Role },
  by: Principal,
): Promise<
  Outcome<
    { user: User; passwordLink: PasswordLink },
    Refusal<"FORBIDDEN" | "EMAIL_TAKEN" | "RATE_LIMITED" | "USER_NOT_FOUND">
  >
> {
  const author = await deps.database.users.author(by.actor);
  if (!canCreate(author, { email, role }, deps)) return refuse({ code: "FORBIDDEN", roles: ["admin"], scope: null });
  const id = userId(email);
  if (by.key) {
    // Read before it is counted: an address in use does not use up the limit of the key.
    if (await deps.database.users.find(id)) return refuse({ code: "EMAIL_TAKEN" });
    const counted = await countNewUser(deps, by.key.id);
    if (!counted.ok) return counted;
  }
  const { row, shown } = newPasswordLink(deps, id, by.actor);
  const newUser = {
    email,
    name,
    role,
    passwordHash: null,
    claim: "open",
    initialCredits: deps.initialCredits,
  } as const;
  if (!(await insertUser(deps, newUser, { by, newLink: row }))) return refuse({ code: "EMAIL_TAKEN" });
  deps.userCache.forget(id);
  const found = await findUser(deps, id);
  return found.ok ? ok({ user: found.value, passwordLink: shown }) : found;
}
