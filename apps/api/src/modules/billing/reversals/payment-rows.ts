import type { Order, Payment, Reversal } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";

/** The payment of a reversal with its order and all of its reversals. */
export type PaymentRows = { readonly payment: Payment; readonly order: Order; readonly all: readonly Reversal[] };

/** Reads the payment of a reversal. */
export async function readRows(
  { database }: Pick<PaymentDeps, "database">,
  { userId, paymentId }: Pick<Reversal, "userId" | "paymentId">,
): Promise<PaymentRows> {
  const payment = await database.payments.find({ userId, id: paymentId });
  const order = payment && (await database.orders.find({ userId, id: payment.orderId }));
  if (!order) throw new Error(`the payment ${paymentId} of a reversal is gone`);
  return { payment, order, all: await database.reversals.ofPayments(userId, [paymentId]) };
}
