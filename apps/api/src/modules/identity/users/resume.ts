import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { resumeUser } from "../use-cases/resume-user.ts";
import { toUserOutput } from "./to-user.ts";

/** Ends a suspension. */
export const resume = (deps: Deps) =>
  implement(operations.users.resume, async ({ input, caller, requestId }) => {
    const changed = await resumeUser(deps, input, principalOf(caller, requestId));
    return changed.ok ? ok(toUserOutput(deps, changed.value)) : changed;
  });
