import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, userId } from "@jifen/core";
import type { User } from "@jifen/database";
import type { Caller } from "../credentials/caller.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "../use-cases/change-user.ts";
import { findChangeableUser, findUser } from "./find-user.ts";

/** What somebody wants to change of a user. */
type UserUpdate = {
  readonly caller: Caller;
  readonly requestId: string;
  readonly input: { readonly userId: string; readonly reason: string };
  readonly action: string;
  readonly set: Parameters<typeof changeUser>[1]["set"];
  readonly endsSessions: boolean;
  readonly leavesAnAdmin?: Parameters<typeof changeUser>[1]["leavesAnAdmin"];
  readonly details?: Readonly<Record<string, unknown>>;
};

/** Changes anybody but oneself. Refuses with SELF_ACTION_FORBIDDEN before all else. */
export async function changeAnother(
  deps: Deps,
  wish: UserUpdate,
): Promise<Outcome<User, Refusal<"SELF_ACTION_FORBIDDEN" | "USER_NOT_FOUND" | "FORBIDDEN">>> {
  const { caller, input } = wish;
  const isOwn = input.userId === caller.userId || input.userId === caller.key?.ownerId;
  return isOwn ? refuse({ code: "SELF_ACTION_FORBIDDEN" }) : changeFor(deps, wish);
}

/**
 * The same where somebody may less than before. Two admins who do this to each other at once have both been found to be
 * admins: the database decides. Refuses with LAST_ADMIN after all else.
 */
export async function weakenAnother(
  deps: Deps,
  wish: UserUpdate,
): Promise<Outcome<User, Refusal<"SELF_ACTION_FORBIDDEN" | "USER_NOT_FOUND" | "FORBIDDEN" | "LAST_ADMIN">>> {
  const leavesAnAdmin = { anyway: [...deps.adminEmails].map(userId) };
  const changed = await changeAnother(deps, { ...wish, leavesAnAdmin });
  if (changed.ok || changed.refusal.code !== "USER_NOT_FOUND") return changed;
  const isThere = (await findUser(deps, wish.input.userId)).ok;
  return isThere ? refuse({ code: "LAST_ADMIN" }) : changed;
}

/** Changes a user for somebody. Refuses, in this order: USER_NOT_FOUND, FORBIDDEN. */
export async function changeFor(
  deps: Deps,
  { caller, requestId, input, ...change }: UserUpdate,
): Promise<Outcome<User, Refusal<"USER_NOT_FOUND" | "FORBIDDEN">>> {
  const found = await findChangeableUser(deps, { caller, id: input.userId });
  if (!found.ok) return found;
  const { id } = found.value;
  const by = { actor: caller.actor, requestId };
  const isChanged = await changeUser(deps, { ...change, id, reason: input.reason, by });
  if (!isChanged) return refuse({ code: "USER_NOT_FOUND" });
  // Once deleted it is not there any more; what is shown then is what it was.
  const after = await findUser(deps, id);
  return ok(after.ok ? after.value : found.value);
}
