import type { Refusal } from "@jifen/contract";
import { invariant, type Outcome, ok, refuse, userId } from "@jifen/core";
import type { User } from "@jifen/database";
import { ownUserId, type Principal } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { findUser } from "../users/find-user.ts";
import { changeUser, type UserChangeRequest } from "./change-user.ts";
import { type ActionOnUser, authorizing } from "./power.ts";

/** What the use cases about an existing user need. */
export type UserDeps = Pick<Deps, "database" | "userCache" | "newId" | "nowMs" | "adminEmails">;

/** The user to change, and why. */
export type UserTarget = { readonly userId: string; readonly reason?: string | undefined };

/** A change of a user on behalf of a principal. */
type UserUpdate = Pick<UserChangeRequest, "action" | "details" | "set" | "endsSessions"> & {
  readonly target: UserTarget;
  readonly by: Principal;
};

/** Changes a user. Refuses, in this order: USER_NOT_FOUND, FORBIDDEN. */
export async function updateUser(
  deps: UserDeps,
  update: UserUpdate,
): Promise<Outcome<User, Refusal<"USER_NOT_FOUND" | "FORBIDDEN">>> {
  const updated = await applyUpdate(deps, update);
  if (updated.ok) return updated;
  const { refusal } = updated;
  invariant(refusal.code !== "LAST_ADMIN", "LAST_ADMIN refuses only a change that takes permissions away");
  invariant(refusal.code !== "USER_HAS_CREDENTIALS", "USER_HAS_CREDENTIALS refuses only a password link");
  return refuse(refusal);
}

/** The same for any user but the principal's own. Refuses with SELF_ACTION_FORBIDDEN before all else. */
export async function updateOtherUser(
  deps: UserDeps,
  update: UserUpdate,
): Promise<Outcome<User, Refusal<"SELF_ACTION_FORBIDDEN" | "USER_NOT_FOUND" | "FORBIDDEN">>> {
  return isSelf(update) ? refuse({ code: "SELF_ACTION_FORBIDDEN" }) : updateUser(deps, update);
}

/**
 * The same for a change that takes permissions away. Two admins can demote each other concurrently, and both pass the
 * checks made here; so the database refuses the change that would remove the last admin.
 * Refuses with LAST_ADMIN after all else.
 */
export async function restrictOtherUser(
  deps: UserDeps,
  update: UserUpdate,
): Promise<Outcome<User, Refusal<"SELF_ACTION_FORBIDDEN" | "USER_NOT_FOUND" | "FORBIDDEN" | "LAST_ADMIN">>> {
  if (isSelf(update)) return refuse({ code: "SELF_ACTION_FORBIDDEN" });
  const updated = await applyUpdate(deps, { ...update, leavesAnAdmin: { ids: [...deps.adminEmails].map(userId) } });
  if (updated.ok) return updated;
  const { refusal } = updated;
  invariant(refusal.code !== "USER_HAS_CREDENTIALS", "USER_HAS_CREDENTIALS refuses only a password link");
  return refuse(refusal);
}

const isSelf = ({ target, by }: UserUpdate): boolean => target.userId === by.userId || target.userId === ownUserId(by);

/** A change, and what only some of them have. */
type AppliedUpdate = UserUpdate &
  Pick<UserChangeRequest, "leavesAnAdmin" | "newLink"> & { readonly actionOnUser?: ActionOnUser };

/**
 * Changes a user if the principal can, as its row and the row of the user are when the change is written. An author who
 * cannot change the user learns that before whether an admin would be left.
 */
export async function applyUpdate(
  deps: UserDeps,
  { target, by, actionOnUser = "other", ...change }: AppliedUpdate,
): Promise<Outcome<User, Refusal<"USER_NOT_FOUND" | "FORBIDDEN" | "USER_HAS_CREDENTIALS" | "LAST_ADMIN">>> {
  const found = await findUser(deps, target.userId);
  if (!found.ok) return found;
  const { id } = found.value;
  const authorize = authorizing(deps, actionOnUser);
  const changed = await changeUser(deps, { ...change, id, reason: target.reason, by, authorize });
  if (!changed.ok) return refuse(toRefusal(changed.refusal));
  // A deleted user is no longer found: the result is then the row before the deletion.
  const after = await findUser(deps, id);
  return ok(after.ok ? after.value : found.value);
}

type ChangeRefusal = Extract<Awaited<ReturnType<typeof changeUser>>, { ok: false }>["refusal"];

function toRefusal(
  refusal: ChangeRefusal,
): Refusal<"USER_NOT_FOUND" | "FORBIDDEN" | "USER_HAS_CREDENTIALS" | "LAST_ADMIN"> {
  invariant(refusal.code !== "LINK_EXPIRED", "a change without a link was refused because of one");
  return refusal.code === "FORBIDDEN" ? { code: "FORBIDDEN", roles: ["admin"], scope: null } : refusal;
}
