import type { Refusal, Role } from "@jifen/contract";
import { type Outcome, ok, refuse, userId } from "@jifen/core";
import type { User } from "@jifen/database";
import type { Principal } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { findUser } from "../users/find-user.ts";
import { insertUser } from "./insert-user.ts";
import { createPasswordLink, type PasswordLink } from "./one-time-links.ts";

/** What this use case needs. */
export type CreateUserDeps = Pick<Deps, "database" | "userCache" | "newId" | "nowMs" | "publicUrl" | "initialCredits">;

/**
 * Creates a user without a password, and a one-time link to set one.
 * Refuses, in this order: FORBIDDEN (a service key creates plain users only), EMAIL_TAKEN.
 */
export async function createUser(
  deps: CreateUserDeps,
  { email, name, role }: { readonly email: string; readonly name?: string | undefined; readonly role: Role },
  by: Principal,
): Promise<
  Outcome<{ user: User; passwordLink: PasswordLink }, Refusal<"FORBIDDEN" | "EMAIL_TAKEN" | "USER_NOT_FOUND">>
> {
  if (by.key !== null && role !== "user") return refuse({ code: "FORBIDDEN", roles: ["admin"], scope: null });
  const newUser = { email, name, role, passwordHash: null, initialCredits: deps.initialCredits };
  if (!(await insertUser(deps, newUser, { by }))) return refuse({ code: "EMAIL_TAKEN" });
  const id = userId(email);
  deps.userCache.forget(id);
  const found = await findUser(deps, id);
  if (!found.ok) return found;
  return ok({ user: found.value, passwordLink: await createPasswordLink(deps, id) });
}
