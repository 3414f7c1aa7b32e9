import type { Payment } from "@jifen/database";
import { isInfrastructureError } from "@jifen/ledger";
import type { Job } from "../../../jobs/job.ts";
import { askGateway } from "../orders/ask-gateway.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { returnSurplus } from "../reversals/return-surplus.ts";
import { creditPayment } from "./credit-payment.ts";

/** How long a claimed row is left to the process that claimed it. */
const CLAIM_MS = 60_000;
const PAYMENTS_AT_ONCE = 50;

/**
 * The reconciler: grants the credits of payments that are due, returns second payments where that is wanted, and asks the
 * providers about orders that are due, at most `ratePerSecond` of them in a second. A row is claimed first, so that it is due
 * again if this process dies.
 */
export function reconcileJob(deps: PaymentDeps, ratePerSecond: number): Job {
  const claim = (limit: number) => ({ nowMs: deps.nowMs(), untilMs: deps.nowMs() + CLAIM_MS, limit });
  return {
    name: "payments",
    intervalMs: 1_000,
    leaseMs: 15_000,
    runBatch: async () => {
      const payments = await deps.database.payments.claimDue(claim(PAYMENTS_AT_ONCE));
      for (const payment of payments) await finishPayment(deps, payment);
      const orders = await deps.database.orders.claimDue(claim(ratePerSecond));
      // One order that fails must not keep the others from being asked about: it is due again when its claim ends.
      const asked = await Promise.allSettled(orders.map((order) => askGateway(deps, order, { source: "query" })));
      const failed = asked.find((each) => each.status === "rejected");
      if (failed) throw failed.reason;
      // The next orders wait for the next second, payments do not.
      return { isMore: payments.length === PAYMENTS_AT_ONCE };
    },
  };
}

/** One payment that fails must not hold up the others: it is due again when its claim ends. */
async function finishPayment(deps: PaymentDeps, payment: Payment): Promise<void> {
  try {
    if (payment.state === "review") await returnSurplus(deps, payment);
    else await creditPayment(deps, payment, "time");
  } catch (error) {
    if (isInfrastructureError(error)) throw error;
    deps.log.error({ err: error, payment: payment.id }, "a payment could not be finished");
  }
}
