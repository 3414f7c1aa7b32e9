import { operations } from "@jifen/contract";
import { refuse } from "@jifen/core";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { toHoldRefusal } from "../holds/to-hold-refusal.ts";
import { releaseHold as releaseHoldOf } from "../use-cases/release-hold.ts";

/** Releases an open hold of any user. */
export const releaseHold = (deps: Deps) =>
  implement(operations.admin.releaseHold, async ({ input, caller, requestId, idempotencyKey }) => {
    const released = await releaseHoldOf(deps, { ...input, idempotencyKey }, principalOf(caller, requestId));
    if (!released.ok) {
      const { refusal } = released;
      return refusal.code === "SELF_ACTION_FORBIDDEN" ? refuse(refusal) : toHoldRefusal(refusal);
    }
    const { replayed, ...output } = released.value;
    return replayableOk(output, { replayed });
  });
