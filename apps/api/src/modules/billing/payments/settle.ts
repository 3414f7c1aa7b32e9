import { judge, minorUnits, nextGrantAttempt, type PaymentFact, type ReviewReason, stateAfter } from "@jifen/billing";
import { accountOf } from "@jifen/core";
import type { BeforePayment, EventSource, Order, Payment, PaymentRecord } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";
import { creditPayment } from "./credit-payment.ts";
import { newPayment } from "./new-payment.ts";
import { paymentReview } from "./payment-events.ts";
import { paymentIdOf } from "./payment-id.ts";

/** What became of a fact. `unknown-order`: it is kept as a stray. */
export type Settled = "recorded" | "unknown-order";

type SettleDeps = Pick<PaymentDeps, "database" | "ledger" | "meter" | "newId" | "nowMs" | "log" | "returnsSurplus">;

/**
 * The only way from money to credits. Records what a gateway proves, once for each transaction of the provider, and grants the
 * credits of the order if the payment equals it in everything; any other payment waits for a person. Afterwards the payment is
 * committed and can be acknowledged; its credits are granted then, or are due.
 * Rejects, having recorded nothing, when the database cannot be reached.
 */
export async function settle(deps: SettleDeps, fact: PaymentFact, source: EventSource): Promise<Settled> {
  const { orders, payments, strays } = deps.database;
  const id = paymentIdOf(fact);
  const known = await payments.findById(id);
  if (known) return settleAgain(deps, known, { fact, source });
  const order = await orders.findById(fact.orderId);
  if (!order) {
    await strays.record(fact, deps.nowMs());
    deps.log.error(factOf(fact), "a payment of an unknown order: see the review list");
    return "unknown-order";
  }
  // The time from which the credits are valid is that of the database, which decides when they expire.
  const { readAtMs } = await deps.ledger.balance(accountOf(order.userId));
  const recorded = await payments.record({ order, id }, (before) =>
    decide(before, { deps, fact, source, nowMs: readAtMs }),
  );
  if (!recorded.ok) throw new Error(`the order ${order.id} is gone`);
  const { payment, isNew } = recorded.value;
  if (!isNew) return settleAgain(deps, payment, { fact, source });
  deps.meter.payment({ channel: payment.channel, source }, payment.state === "review" ? "review" : "accepted");
  if (payment.state === "review") {
    deps.log.error({ ...factOf(fact), reason: payment.reason }, "a payment needs a decision: see the review list");
  }
  await creditPayment(deps, payment, source);
  return "recorded";
}

/** A fact that was recorded before: the credits of its payment are granted if they were not. */
async function settleAgain(
  deps: SettleDeps,
  payment: Payment,
  { fact, source }: { readonly fact: PaymentFact; readonly source: EventSource },
): Promise<Settled> {
  if (payment.orderId !== fact.orderId) {
    deps.log.error({ ...factOf(fact), recordedFor: payment.orderId }, "a transaction is reported for a second order");
  }
  if (source === "notice") {
    await deps.database.orders.countRepeat({ userId: payment.userId, id: payment.orderId }, payment.id);
  }
  await creditPayment(deps, payment, source);
  return "recorded";
}

type Judging = {
  readonly deps: SettleDeps;
  readonly fact: PaymentFact;
  readonly source: EventSource;
  readonly nowMs: number;
};

function decide({ order, isUserDeleted }: BeforePayment, { deps, fact, source, nowMs }: Judging): PaymentRecord {
  const reason = judge(fact, { ...expectedOf(order), isUserDeleted, hasOtherPayment: isPaid(order) });
  const state = reason === undefined ? stateAfter(order.state, "payment accepted") : undefined;
  const isDue = reason === undefined || (reason === "surplus" && deps.returnsSurplus);
  const nextCheckMs = isDue ? nextGrantAttempt(1, deps.nowMs()) : null;
  const payment = newPayment(fact, order, { reason, source, nowMs, nextCheckMs, newId: deps.newId });
  return {
    payment,
    order: state && { state, nextCheckMs: null },
    event: {
      ...{ atMs: deps.nowMs(), what: whatOf(reason), source, reference: payment.id },
      details: reason === undefined ? null : JSON.stringify({ reason }),
    },
    outgoing: reason === undefined ? undefined : paymentReview(payment, deps.newId("evt"), deps.nowMs()),
  };
}

const whatOf = (reason: ReviewReason | undefined) =>
  reason === undefined ? "payment accepted" : "payment needs a decision";

const isPaid = ({ state }: Order): boolean => state === "paid" || state === "credited";

const expectedOf = ({ id, channel, merchant, live, amountMinor, currency }: Order) => ({
  ...{ orderId: id, channel, merchant, live },
  amount: { minor: minorUnits(amountMinor), currency },
});

/** What a line of the log says of a fact. */
const factOf = ({ channel, merchant, orderId, txnId, amount }: PaymentFact) => ({
  ...{ channel, merchant, order: orderId, transaction: txnId, minor: amount.minor, currency: amount.currency },
});
