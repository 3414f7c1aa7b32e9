import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { requireConfirmation } from "../session/require-confirmation.ts";
import { setUserRole } from "../use-cases/set-user-role.ts";
import { toUserOutput } from "./to-user.ts";

/** Sets the role of a user. */
export const setRole = (deps: Deps) =>
  implement(operations.users.setRole, async ({ input, caller, requestId }) => {
    const confirmed = requireConfirmation(caller, deps.nowMs());
    if (!confirmed.ok) return confirmed;
    const changed = await setUserRole(deps, input, principalOf(caller, requestId));
    return changed.ok ? ok(toUserOutput(deps, changed.value)) : changed;
  });
