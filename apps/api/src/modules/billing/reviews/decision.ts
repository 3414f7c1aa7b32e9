import type { AuditActionName, Refusal } from "@jifen/contract";
import { accountOf, type Outcome, ok, refuse } from "@jifen/core";
import type { Payment, PaymentChange } from "@jifen/database";
import { toAuditEvent } from "../../audit/audit-event.ts";
import { isForbiddenGrant } from "../../credits/self-grant.ts";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { PaymentDeps } from "../payment-deps.ts";

/** What decisions are recorded with. */
export type DecisionDeps = Pick<PaymentDeps, "database" | "isSelfGrantAllowed" | "newId" | "nowMs">;

/** What staff decides about. */
export type Decision = { readonly paymentId: string; readonly reason: string };

/** Why no decision was made. */
export type DecisionRefusal = Refusal<"PAYMENT_NOT_FOUND" | "SELF_ACTION_FORBIDDEN" | "NOT_IN_REVIEW">;

/** A payment that staff can decide about. Refuses, in this order: PAYMENT_NOT_FOUND, SELF_ACTION_FORBIDDEN. */
export async function findForDecision(
  deps: DecisionDeps,
  paymentId: string,
  by: Principal,
): Promise<Outcome<Payment, Refusal<"PAYMENT_NOT_FOUND" | "SELF_ACTION_FORBIDDEN">>> {
  const payment = await deps.database.payments.findById(paymentId);
  if (!payment) return refuse({ code: "PAYMENT_NOT_FOUND" });
  return isForbiddenGrant(deps, by, accountOf(payment.userId))
    ? refuse({ code: "SELF_ACTION_FORBIDDEN" })
    : ok(payment);
}

/** A payment that has left the review list. */
export const notInReview = ({ state }: Payment): Outcome<never, Refusal<"NOT_IN_REVIEW">> =>
  refuse({ code: "NOT_IN_REVIEW", state: state as Refusal<"NOT_IN_REVIEW">["state"] });

/** How a decision is recorded. */
type Lines = {
  /** The event of the order. */
  readonly what: string;
  /** The action of the audit log. */
  readonly action: AuditActionName;
  readonly reason: string;
  readonly by: Principal;
};

/** The event of the order and the one of the audit log. */
export function linesOf(
  deps: DecisionDeps,
  { id, userId, orderId, reason: reviewReason, amountMinor, currency, credits, bonusCredits }: Payment,
  { what, action, reason, by }: Lines,
): Pick<PaymentChange, "event" | "auditEvent"> {
  const details = { paymentId: id, orderId, reviewReason, amountMinor, currency, credits, bonusCredits };
  return {
    event: {
      ...{ atMs: deps.nowMs(), what, source: "staff", reference: id },
      details: JSON.stringify({ by: by.actor, reason, reviewReason }),
    },
    auditEvent: toAuditEvent(deps, by, { action, subject: `user:${userId}`, reason, details }),
  };
}
