import { isUnfinished, paymentStateAfter } from "@jifen/billing";
import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Payment, PaymentChange, PaymentOfOrder } from "@jifen/database";
import type { Principal } from "../../identity/credentials/principal.ts";
import {
  type Decision,
  type DecisionDeps,
  type DecisionRefusal,
  findForDecision,
  linesOf,
  notInReview,
} from "./decision.ts";
import { hasGranted } from "./not-acceptable.ts";

/**
 * Dismisses a payment in review, in one transaction with the audit event. It grants nothing, now and later.
 * Refuses, in this order: PAYMENT_NOT_FOUND, SELF_ACTION_FORBIDDEN, NOT_IN_REVIEW,
 * CREDITS_GRANTED.
 */
export async function dismissPayment(
  deps: DecisionDeps,
  { paymentId, reason }: Decision,
  by: Principal,
): Promise<Outcome<Payment, DecisionRefusal | Refusal<"CREDITS_GRANTED">>> {
  const found = await findForDecision(deps, paymentId, by);
  if (!found.ok) return found;
  const dismissed = await deps.database.payments.change(found.value, (rows) => dismissal(deps, rows, { reason, by }));
  return dismissed.ok ? ok(dismissed.value.payment) : dismissed;
}

function dismissal(
  deps: DecisionDeps,
  { payment, order }: PaymentOfOrder,
  { reason, by }: { readonly reason: string; readonly by: Principal },
): Outcome<PaymentChange, Refusal<"NOT_IN_REVIEW" | "CREDITS_GRANTED">> {
  const state = paymentStateAfter(payment.state, "dismissed by staff");
  if (state === undefined) return notInReview(payment);
  if (hasGranted(payment)) return refuse({ code: "CREDITS_GRANTED" });
  return ok({
    set: { state, reason },
    // The provider is asked whether the order can still be paid: otherwise it ends.
    order: isUnfinished(order.state) ? { nextCheckMs: deps.nowMs() } : undefined,
    ...linesOf(deps, payment, { what: "dismissed by staff", action: "payments.dismiss", reason, by }),
  });
}
