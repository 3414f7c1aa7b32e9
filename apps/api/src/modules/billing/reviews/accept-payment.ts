import { nextGrantAttempt, paymentStateAfter, stateAfter } from "@jifen/billing";
import type { Refusal } from "@jifen/contract";
import { accountOf, type Outcome, ok, refuse } from "@jifen/core";
import type { Order, Payment, PaymentChange, PaymentOfOrder } from "@jifen/database";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { creditPayment } from "../payments/credit-payment.ts";
import { endOf } from "../payments/new-payment.ts";
import {
  type Decision,
  type DecisionDeps,
  type DecisionRefusal,
  findForDecision,
  linesOf,
  notInReview,
} from "./decision.ts";
import { obstacleTo } from "./not-acceptable.ts";

type AcceptRefusal = DecisionRefusal | Refusal<"NOT_ACCEPTABLE">;
type AcceptDeps = DecisionDeps & { readonly ledger: Pick<PaymentDeps["ledger"], "balance"> };

/**
 * Accepts a payment in review. It grants the full terms of its order, through the same due row as any other payment: whatever
 * is cut off is done later, once. Refuses as `recordAcceptance` does.
 * @returns the payment as it is afterwards
 */
export async function acceptPayment(
  deps: AcceptDeps & Pick<PaymentDeps, "ledger" | "log" | "meter">,
  decision: Decision,
  by: Principal,
): Promise<Outcome<Payment, AcceptRefusal>> {
  const accepted = await recordAcceptance(deps, decision, by);
  if (!accepted.ok) return accepted;
  await creditPayment(deps, accepted.value, "staff");
  return ok((await deps.database.payments.find(accepted.value)) ?? accepted.value);
}

/**
 * Records that a payment is accepted, in one transaction with the audit event.
 * Refuses, in this order: PAYMENT_NOT_FOUND, SELF_ACTION_FORBIDDEN, NOT_IN_REVIEW, NOT_ACCEPTABLE.
 */
export async function recordAcceptance(
  deps: AcceptDeps,
  { paymentId, reason }: Decision,
  by: Principal,
): Promise<Outcome<Payment, AcceptRefusal>> {
  const found = await findForDecision(deps, paymentId, by);
  if (!found.ok) return found;
  const { users, payments } = deps.database;
  const user = await users.find(found.value.userId);
  const isUserDeleted = user === undefined || user.deletedAtMs !== null;
  // The time from which the credits are valid is that of the database, which decides when they expire.
  const { readAtMs } = await deps.ledger.balance(accountOf(found.value.userId));
  const accepted = await payments.change(found.value, (rows) =>
    acceptance(deps, rows, { reason, by, readAtMs, isUserDeleted }),
  );
  return accepted.ok ? ok(accepted.value.payment) : accepted;
}

type Acceptance = {
  readonly reason: string;
  readonly by: Principal;
  readonly readAtMs: number;
  readonly isUserDeleted: boolean;
};

function acceptance(
  deps: AcceptDeps,
  { payment, order }: PaymentOfOrder,
  { reason, by, readAtMs, isUserDeleted }: Acceptance,
): Outcome<PaymentChange, Refusal<"NOT_IN_REVIEW" | "NOT_ACCEPTABLE">> {
  const state = paymentStateAfter(payment.state, "accepted by staff");
  if (state === undefined) return notInReview(payment);
  const obstacle = isUserDeleted ? "user-deleted" : obstacleTo(payment, order);
  if (obstacle !== undefined) return refuse({ code: "NOT_ACCEPTABLE", reason: obstacle });
  const moved = stateAfter(order.state, "payment accepted");
  const nextCheckMs = nextGrantAttempt(1, deps.nowMs());
  return ok({
    set: { state, reason, ...endsOf(payment, order, readAtMs), nextCheckMs, checks: 0 },
    order: moved && { state: moved, nextCheckMs: null },
    ...linesOf(deps, payment, { what: "accepted by staff", action: "payments.accept", reason, by }),
  });
}

/**
 * The credits are valid from now on. A payment that the ledger has refused may have one of its grants already, which has to be
 * repeated with the same end, as long as that is possible.
 */
function endsOf(payment: Payment, { validDays, bonusValidDays }: Order, nowMs: number) {
  const isPinned = (endMs: number | null) => payment.reason === "grant-refused" && (endMs === null || endMs > nowMs);
  const { expiresAtMs, bonusExpiresAtMs, transactionId, bonusTransactionId } = payment;
  const isKept = transactionId !== null || isPinned(expiresAtMs);
  const isBonusKept = bonusTransactionId !== null || isPinned(bonusExpiresAtMs);
  return {
    ...(isKept ? {} : { expiresAtMs: endOf(validDays, nowMs) }),
    ...(isBonusKept ? {} : { bonusExpiresAtMs: endOf(bonusValidDays, nowMs) }),
  };
}
