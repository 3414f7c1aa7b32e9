import type { Procedures } from "../../../trpc/procedure.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { refund } from "./refund.ts";
import { refundable } from "./refundable.ts";
import { retry } from "./retry.ts";
import { settle } from "./settle.ts";

/** Procedures about refunds. */
export const reversalProcedures = (deps: PaymentDeps): Pick<Procedures, "adminReversals"> => ({
  adminReversals: { refund: refund(deps), refundable: refundable(deps), retry: retry(deps), settle: settle(deps) },
});
