import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { dismissPayment } from "./dismiss-payment.ts";
import { toAdminPayment } from "./to-admin-payment.ts";

/** Dismisses a payment in review. */
export const dismiss = (deps: PaymentDeps) =>
  implement(operations.adminPayments.dismiss, async ({ input, caller, requestId }) => {
    const dismissed = await dismissPayment(deps, input, principalOf(caller, requestId));
    return dismissed.ok ? ok(toAdminPayment(dismissed.value)) : dismissed;
  });
