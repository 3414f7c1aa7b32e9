import { operations } from "@jifen/contract";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { grantCredits } from "../use-cases/grant-credits.ts";

/** Grants credits to a user. */
export const grant = (deps: Deps) =>
  implement(operations.admin.grant, async ({ input, caller, requestId, idempotencyKey }) => {
    const granted = await grantCredits(deps, { ...input, idempotencyKey }, principalOf(caller, requestId));
    if (!granted.ok) return granted;
    const { replayed, ...output } = granted.value;
    return replayableOk(output, { replayed });
  });
