import type { operations } from "@jifen/contract";
import type { Order, OrderEventRow, Payment } from "@jifen/database";
import type { z } from "zod";
import { isoTime } from "../../../values/iso-time.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { toReversal } from "../reversals/to-reversal.ts";
import { toMoney, toOrderOutput } from "./to-order.ts";

type Output = z.input<typeof operations.adminOrders.find.output>;

/** An order with all that happened to it, for staff. */
export async function orderFile({ database }: Pick<PaymentDeps, "database">, order: Order): Promise<Output> {
  const [events, payments] = await Promise.all([
    database.orders.events(order),
    database.payments.ofOrders(order.userId, [order.id]),
  ]);
  const reversals = await database.reversals.ofPayments(
    order.userId,
    payments.map(({ id }) => id),
  );
  return {
    ...toAdminOrder(order, payments),
    events: events.map(toEvent),
    payments: payments.map(toPayment),
    reversals: reversals.map(toReversal),
  };
}

/** An order in a list for staff. */
export const toAdminOrder = (order: Order, payments: readonly Payment[]) => ({
  ...toOrderOutput(order, payments),
  ...{ userId: order.userId, merchant: order.merchant },
});

const toEvent = ({ number, atMs, what, source, reference, details, repeats }: OrderEventRow) => ({
  ...{ number, at: isoTime(atMs), what, source, reference, repeats },
  details: details === null ? null : (JSON.parse(details) as Record<string, unknown>),
});

/** A payment, for staff. */
export const toPayment = (payment: Payment): Output["payments"][number] => ({
  ...{ paymentId: payment.id, channel: payment.channel, merchant: payment.merchant, providerId: payment.txnId },
  ...{ live: payment.live, amount: toMoney(payment.amountMinor, payment.currency), paidAt: isoTime(payment.paidAtMs) },
  ...{ recordedAt: isoTime(payment.recordedAtMs), source: payment.source, state: payment.state },
  ...{ reason: payment.reason, credits: payment.credits, bonusCredits: payment.bonusCredits },
  ...{ transactionId: payment.transactionId, bonusTransactionId: payment.bonusTransactionId },
  disputed: payment.disputed,
});
