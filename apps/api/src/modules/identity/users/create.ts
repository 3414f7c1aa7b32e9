import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { requireConfirmation } from "../session/require-confirmation.ts";
import { createUser } from "../use-cases/create-user.ts";
import { toUserOutput } from "./to-user.ts";

/** Creates a user without a password, and a one-time link to set one. */
export const create = (deps: Deps) =>
  implement(operations.users.create, async ({ input, caller, requestId }) => {
    const confirmed = input.role === "user" ? ok(undefined) : requireConfirmation(caller, deps.nowMs());
    if (!confirmed.ok) return confirmed;
    const created = await createUser(deps, input, principalOf(caller, requestId));
    if (!created.ok) return created;
    const { user, passwordLink } = created.value;
    return ok({ user: toUserOutput(deps, user), passwordLink });
  });
