import {
  GRANT_ATTEMPTS_BEFORE_REVIEW,
  grantKeyOf,
  nextGrantAttempt,
  type PaymentState,
  paymentStateAfter,
  stateAfter,
} from "@jifen/billing";
import { accountOf, credits, type GrantSource, grantId, idempotencyKey, type Outcome, ok, refuse } from "@jifen/core";
import type { EventSource, Payment, PaymentChange, PaymentOfOrder } from "@jifen/database";
import { bySystem, type CommandRefusal, isInfrastructureError, Overloaded } from "@jifen/ledger";
import type { PaymentDeps } from "../payment-deps.ts";
import { orderCredited, paymentReview } from "./payment-events.ts";

type CreditDeps = Pick<PaymentDeps, "ledger" | "database" | "meter" | "newId" | "nowMs" | "log">;

/**
 * Grants the credits of an accepted payment and notes it, by the terms that are pinned on the payment. It can be repeated: the
 * ledger answers the same transactions again. A payment that the ledger refuses goes to review. What cannot be done now is due
 * later.
 */
export async function creditPayment(deps: CreditDeps, payment: Payment, source: EventSource): Promise<void> {
  if (payment.state !== "accepted") return;
  try {
    const purchase = await grant(deps, payment, "purchase");
    const bonus = purchase.ok && payment.bonusCredits > 0 ? await grant(deps, payment, "bonus") : undefined;
    const refusal = purchase.ok ? (bonus?.ok === false ? bonus.refusal : undefined) : purchase.refusal;
    const granted = {
      transactionId: purchase.ok ? purchase.value : null,
      bonusTransactionId: bonus?.ok ? bonus.value : null,
    };
    const atMs = deps.nowMs();
    const noted = await deps.database.payments.change(payment, (rows) =>
      refusal
        ? toReview(rows, { granted, refusal: refusal.code, eventId: deps.newId("evt"), atMs })
        : toCredited(rows, { granted, source, atMs }),
    );
    if (noted.ok) meterOutcome(deps, payment, { isRefused: refusal !== undefined, source });
    else if (purchase.ok) logDealtWith(deps, payment, noted.refusal);
    if (refusal)
      deps.log.error(
        { payment: payment.id, refusal: refusal.code },
        "the ledger refused a paid grant: see the review list",
      );
  } catch (error) {
    // Whatever the error is, the attempt counts: after many of them the payment is in the review list.
    await postpone(deps, payment, error);
    if (!isInfrastructureError(error) && !(error instanceof Overloaded)) throw error;
  }
}

/** Credits of a payment that staff has decided about in the meantime: nothing takes them back. */
function logDealtWith({ log }: CreditDeps, { id }: Payment, refusal: NotNoted | { code: "PAYMENT_NOT_FOUND" }): void {
  if (refusal.code === "NOT_ACCEPTED" && (refusal.state === "dismissed" || refusal.state === "returned"))
    log.error({ payment: id, state: refusal.state }, "credits were granted for a payment that was dealt with");
}

function meterOutcome(
  { meter, nowMs }: CreditDeps,
  { channel, paidAtMs, reason }: Payment,
  { isRefused, source }: { readonly isRefused: boolean; readonly source: EventSource },
): void {
  meter.payment({ channel, source }, isRefused ? "refused" : "credited");
  // A payment that staff accepted has waited for a person.
  if (!isRefused && reason === null) meter.lag(channel, (nowMs() - paidAtMs) / 1_000);
}

/** One of the two grants of a payment. @returns the id of its transaction */
async function grant(
  { ledger }: CreditDeps,
  payment: Payment,
  source: Extract<GrantSource, "purchase" | "bonus">,
): Promise<Outcome<string, CommandRefusal<"grant">>> {
  const isBonus = source === "bonus";
  const key = grantKeyOf(payment);
  const outcome = await ledger.grant({
    ...bySystem,
    accountId: accountOf(payment.userId),
    idempotencyKey: idempotencyKey.ofSystem(isBonus ? `${key}:bonus` : key),
    grantId: grantId(`${isBonus ? payment.bonusGrantId : payment.grantId}`),
    amount: credits(isBonus ? payment.bonusCredits : payment.credits),
    source,
    priority: payment.priority,
    expiresAtMs: isBonus ? payment.bonusExpiresAtMs : payment.expiresAtMs,
    reason: `order:${payment.orderId}`,
  });
  return outcome.ok ? ok(outcome.value.entry.id) : outcome;
}

type Granted = { readonly transactionId: string | null; readonly bonusTransactionId: string | null };

type Refused = {
  readonly granted: Granted;
  /** The code of the ledger's refusal. */
  readonly refusal: string;
  readonly eventId: string;
  readonly atMs: number;
};

/** The payment has moved on to this state. */
type NotNoted = { readonly code: "NOT_ACCEPTED"; readonly state: PaymentState };

const notAccepted = ({ state }: Payment): Outcome<never, NotNoted> => refuse({ code: "NOT_ACCEPTED", state });

function toCredited(
  { payment, order }: PaymentOfOrder,
  { granted, source, atMs }: { readonly granted: Granted; readonly source: EventSource; readonly atMs: number },
): Outcome<PaymentChange, NotNoted> {
  // Another process that was refused may have been faster: then the credits are there all the same.
  const isRefusedElsewhere = payment.state === "review" && payment.reason === "grant-refused";
  const event = isRefusedElsewhere ? "credits granted after a refusal" : "credits granted";
  const state = paymentStateAfter(payment.state, event);
  // Another process was faster: it has noted the same transactions.
  if (state === undefined) return notAccepted(payment);
  const moved = stateAfter(order.state, "credits granted");
  return ok({
    set: { state, ...granted, creditedAtMs: atMs, nextCheckMs: null, ...(isRefusedElsewhere && { reason: null }) },
    order: moved && { state: moved, nextCheckMs: null },
    event: { atMs, what: "credits granted", source, reference: payment.id },
    outgoing: orderCredited(payment, granted, atMs),
  });
}

function toReview(
  { payment }: PaymentOfOrder,
  { granted, refusal, eventId, atMs }: Refused,
): Outcome<PaymentChange, NotNoted> {
  const state = paymentStateAfter(payment.state, "grant refused");
  if (state === undefined) return notAccepted(payment);
  return ok({
    set: { state, reason: "grant-refused", ...granted, nextCheckMs: null },
    event: { atMs, what: "grant refused", source: "time", reference: payment.id, details: JSON.stringify({ refusal }) },
    outgoing: paymentReview(payment, eventId, atMs),
  });
}

/** The row stays due, whatever else fails. */
async function postpone({ database, nowMs, log }: CreditDeps, payment: Payment, error: unknown): Promise<void> {
  const checks = payment.checks + 1;
  const details = { err: error, payment: payment.id, attempts: checks };
  if (checks === GRANT_ATTEMPTS_BEFORE_REVIEW) log.error(details, "a payment is not credited after many attempts");
  else log.warn(details, "a payment will be credited later");
  await database.payments
    .schedule(payment, { checks, nextCheckMs: nextGrantAttempt(checks, nowMs()) })
    .catch(() => undefined);
}
