import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { suspendUser } from "../use-cases/suspend-user.ts";
import { toUserOutput } from "./to-user.ts";

/** Suspends a user and ends all sessions. */
export const suspend = (deps: Deps) =>
  implement(operations.users.suspend, async ({ input, caller, requestId }) => {
    const changed = await suspendUser(deps, input, principalOf(caller, requestId));
    return changed.ok ? ok(toUserOutput(deps, changed.value)) : changed;
  });
