import { operations } from "@jifen/contract";
import { accountOf } from "@jifen/core";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { refundCharge } from "../use-cases/refund-charge.ts";

/** Returns a charge to the account that paid it. A caller that names a user refunds charges of that user only. */
export const create = (deps: Deps) =>
  implement(operations.refunds.create, async ({ input, caller, requestId, idempotencyKey }) => {
    const accountId = caller.isNamed ? accountOf(caller.userId) : undefined;
    const by = principalOf(caller, requestId);
    const refunded = await refundCharge(deps, { ...input, accountId, idempotencyKey }, by);
    if (!refunded.ok) return refunded;
    const { replayed, ...output } = refunded.value;
    return replayableOk(output, { replayed });
  });
