import { type Order, openDatabase, type Payment } from "@jifen/database";
import { pino } from "pino";
import { createPayments } from "../src/modules/billing/create-payments.ts";
import { askGateway } from "../src/modules/billing/orders/ask-gateway.ts";
import { creditPayment } from "../src/modules/billing/payments/credit-payment.ts";
import { openLedger } from "../src/modules/credits/open-ledger.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { createIds } from "../src/values/ids.ts";

/** Payments of this process, as of one more server on the same database, without its jobs. */
export type InProcessPayments = AsyncDisposable & {
  /** Asks the provider about an order, as the reconciler does with one that is due. */
  ask(order: Order): ReturnType<typeof askGateway>;
  findOrder(orderId: string): Promise<Order>;
  /** The payment of an order. */
  findPayment(orderId: string): Promise<Payment>;
  /** Grants the credits of a payment as it was read. */
  credit(payment: Payment): Promise<void>;
};

/** Opens the database and the payment channels of these settings. */
export async function openInProcessPayments(
  url: string,
  env: Readonly<Record<string, string>>,
): Promise<InProcessPayments> {
  const database = await openDatabase(url, { migrate: false });
  const newId = createIds(Date.now);
  const { deps, close } = await createPayments({
    settings: parseSettings({ env, workingDirectory: "/", readFile: () => "" }),
    ...{ database, ledger: openLedger(database, newId), newId, nowMs: Date.now, publicUrl: () => "http://127.0.0.1" },
    orderLimits: { take: async () => ({ retryAfterSeconds: undefined }), takeNotice: async () => true },
    ...{ log: pino({ level: "silent" }), suspendForDispute: async () => undefined },
  });
  return {
    ask: (order) => askGateway(deps, order, { source: "query" }),
    findOrder: async (orderId) => {
      const order = await database.orders.findById(orderId);
      if (!order) throw new Error(`there is no order ${orderId}`);
      return order;
    },
    findPayment: async (orderId) => {
      const order = await database.orders.findById(orderId);
      const [payment] = order ? await database.payments.ofOrders(order.userId, [orderId]) : [];
      if (!payment) throw new Error(`the order ${orderId} has no payment`);
      return payment;
    },
    credit: (payment) => creditPayment(deps, payment, "query"),
    [Symbol.asyncDispose]: async () => {
      await close();
      await database.close();
    },
  };
}
