import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { acceptPayment } from "./accept-payment.ts";
import { toAdminPayment } from "./to-admin-payment.ts";

/** Accepts a payment in review. */
export const accept = (deps: PaymentDeps) =>
  implement(operations.adminPayments.accept, async ({ input, caller, requestId }) => {
    const accepted = await acceptPayment(deps, input, principalOf(caller, requestId));
    return accepted.ok ? ok(toAdminPayment(accepted.value)) : accepted;
  });
