import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { renameUser } from "../use-cases/rename-user.ts";
import { toUserOutput } from "./to-user.ts";

/** Changes the name of a user. */
export const rename = (deps: Deps) =>
  implement(operations.users.rename, async ({ input, caller, requestId }) => {
    const changed = await renameUser(deps, input, principalOf(caller, requestId));
    return changed.ok ? ok(toUserOutput(deps, changed.value)) : changed;
  });
