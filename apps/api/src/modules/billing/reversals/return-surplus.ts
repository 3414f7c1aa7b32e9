import { idempotencyKey } from "@jifen/core";
import type { Payment } from "@jifen/database";
import { bySystem } from "../../audit/audit-event.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { askOnce } from "./ask-refund.ts";

/**
 * Asks for the money of a second payment of an order to go back, where the operator wants that. It can be repeated: there is
 * one such refund of a payment. One that cannot be asked for stays in the review list.
 */
export async function returnSurplus(deps: PaymentDeps, payment: Payment): Promise<void> {
  if (!deps.returnsSurplus || payment.state !== "review" || payment.reason !== "surplus") return;
  const asked = await askOnce(deps, payment, {
    wish: { paymentId: payment.id, reason: "surplus" },
    ...{
      rule: "unused",
      by: bySystem,
      source: "time",
      idempotencyKey: idempotencyKey.ofSystem(`surplus:${payment.id}`),
    },
  });
  if (asked.ok) return;
  deps.log.warn({ payment: payment.id, refusal: asked.refusal.code }, "a second payment cannot be returned by itself");
  await deps.database.payments.schedule(payment, { nextCheckMs: null, checks: payment.checks + 1 });
}
