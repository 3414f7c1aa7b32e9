import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { retryReversal } from "./decide-stuck.ts";
import { toReversal } from "./to-reversal.ts";

/** Asks the provider for a stuck refund once more. */
export const retry = (deps: PaymentDeps) =>
  implement(operations.adminReversals.retry, async ({ input, caller, requestId }) => {
    const retried = await retryReversal(deps, input, principalOf(caller, requestId));
    return retried.ok ? ok(toReversal(retried.value)) : retried;
  });
