import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { endUserSessions } from "../use-cases/end-user-sessions.ts";
import { toUserOutput } from "./to-user.ts";

/** Ends every session of a user. */
export const endSessions = (deps: Deps) =>
  implement(operations.users.endSessions, async ({ input, caller, requestId }) => {
    const changed = await endUserSessions(deps, input, principalOf(caller, requestId));
    return changed.ok ? ok(toUserOutput(deps, changed.value)) : changed;
  });
