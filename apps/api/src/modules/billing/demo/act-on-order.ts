import { actOnDemoTrade, type DemoAct } from "@jifen/gateways";
import { askGateway } from "../orders/ask-gateway.ts";
import type { PaymentDeps } from "../payment-deps.ts";

/** What a person clicked on the page of an order. */
export type DemoClick = { readonly orderId: string; readonly act: DemoAct };

/** Does what was clicked, then what a notice of a provider would lead to. A click that is not possible changes nothing. */
export async function actOnOrder(payments: PaymentDeps, { orderId, act }: DemoClick): Promise<void> {
  const { database, nowMs } = payments;
  const done = await actOnDemoTrade(database.demoTrades, { id: orderId, act, nowMs: nowMs() });
  if (!done.ok) return;
  const order = await database.orders.findById(orderId);
  const txnId = done.value.payments.at(-1)?.txnId;
  if (order) await askGateway(payments, order, { source: "notice", txnId });
}
