import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { settleReversal } from "./decide-stuck.ts";
import { toReversal } from "./to-reversal.ts";

/** Notes that the money of a stuck refund was returned by hand. */
export const settle = (deps: PaymentDeps) =>
  implement(operations.adminReversals.settle, async ({ input, caller, requestId }) => {
    const settled = await settleReversal(deps, input, principalOf(caller, requestId));
    return settled.ok ? ok(toReversal(settled.value)) : settled;
  });
