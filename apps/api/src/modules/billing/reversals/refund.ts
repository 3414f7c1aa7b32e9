import { operations } from "@jifen/contract";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { askRefund } from "./ask-refund.ts";
import { toReversal } from "./to-reversal.ts";

/** Returns money of a payment, once per idempotency key. */
export const refund = (deps: PaymentDeps) =>
  implement(operations.adminReversals.refund, async ({ input, caller, requestId, idempotencyKey }) => {
    const asked = await askRefund(deps, { ...input, idempotencyKey }, principalOf(caller, requestId));
    if (!asked.ok) return asked;
    const { reversal, replayed } = asked.value;
    return replayableOk(toReversal(reversal), { replayed });
  });
