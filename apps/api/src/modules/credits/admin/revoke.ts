import { operations } from "@jifen/contract";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import { requireConfirmation } from "../../identity/session/require-confirmation.ts";
import type { Deps } from "../deps.ts";
import { revokeCredits } from "../use-cases/revoke-credits.ts";

/** Takes credits away from a user. */
export const revoke = (deps: Deps) =>
  implement(operations.admin.revoke, async ({ input, caller, requestId, idempotencyKey }) => {
    const confirmed = requireConfirmation(caller, deps.nowMs());
    if (!confirmed.ok) return confirmed;
    const revoked = await revokeCredits(deps, { ...input, idempotencyKey }, principalOf(caller, requestId));
    if (!revoked.ok) return revoked;
    const { replayed, ...output } = revoked.value;
    return replayableOk(output, { replayed });
  });
