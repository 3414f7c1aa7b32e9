import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { endEverySession, endSession } from "../use-cases/end-session.ts";

/** Ends the session of the request. */
export const logout = (deps: Deps) =>
  implement(operations.auth.logout, async ({ caller, requestId }) => {
    await endSession(deps, caller, requestId);
    return ok({ success: true });
  });

/** Ends every session of the caller. */
export const logoutEverywhere = (deps: Deps) =>
  implement(operations.auth.logoutEverywhere, async ({ caller, requestId }) => {
    await endEverySession(deps, caller, requestId);
    return ok({ success: true });
  });
