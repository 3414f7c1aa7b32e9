import type { DisputeFact } from "@jifen/billing";
import { minorUnits } from "@jifen/billing";
import { invariant } from "@jifen/core";
import type { Order, Payment } from "@jifen/database";
import type { DemoAct } from "@jifen/gateways";
import { actOnOrder } from "../billing/demo/act-on-order.ts";
import { askGateway } from "../billing/orders/ask-gateway.ts";
import { placeOrder } from "../billing/orders/place-order.ts";
import { applyReversalFacts } from "../billing/reversals/apply-facts.ts";
import { askRefund } from "../billing/reversals/ask-refund.ts";
import { planDelivery } from "./deliveries.ts";
import { type Customer, staffPrincipal } from "./people.ts";
import type { World } from "./world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A customer decides to buy, some minutes later. */
export function planTopUp(world: World, customer: Customer): void {
  const { agenda, random } = world;
  const packId = random.pick(["p100", "p100", "p500"]);
  agenda.add(world.nowMs() + random.between(1, 20) * MINUTE_MS, () => buy(world, customer, packId));
}

/** Orders a pack; most orders are paid, some are closed, and some are left alone until their time is over. */
async function buy(world: World, customer: Customer, packId: string): Promise<void> {
  const { random } = world;
  const order = await orderPack(world, customer, packId);
  // A customer with too many orders that are not paid waits.
  if (!order) return;
  const fate = random.next();
  if (fate < 0.85) return void payLater(world, order, random.between(1, 4) * MINUTE_MS);
  if (fate < 0.92) return void planAct(world, order, { act: "close", afterMs: 2 * MINUTE_MS });
  lookAfterExpiry(world, order);
}

/** Orders a pack in the channel `demo`. @returns undefined when the customer has too many orders */
async function orderPack(world: World, { id }: Customer, packId: string): Promise<Order | undefined> {
  const wanted = { packId, channel: "demo", userId: id, actor: `user:${id}`, idempotencyKey: undefined };
  const placed = await placeOrder(world.payments, { ...wanted, address: async () => "192.0.2.1" });
  if (placed.ok) return placed.value.order;
  invariant(placed.refusal.code === "ORDER_LIMIT", `an order of the demonstration was refused: ${placed.refusal.code}`);
  return undefined;
}

/** The customer clicks on the page of the order. */
function planAct(
  { agenda, payments, nowMs }: World,
  { id: orderId }: Order,
  { act, afterMs }: { readonly act: DemoAct; readonly afterMs: number },
): void {
  agenda.add(nowMs() + afterMs, () => actOnOrder(payments, { orderId, act }));
}

function payLater(world: World, order: Order, afterMs: number): void {
  planAct(world, order, { act: "pay", afterMs });
  planDelivery(world, afterMs);
}

/** What the schedule does with an order that is not paid. */
function lookAfterExpiry({ agenda, payments }: World, order: Order): void {
  agenda.add(order.expiresAtMs + MINUTE_MS, () => askGateway(payments, order, { source: "time" }));
}

/** Orders that finance has to do with: each of its own customer, who spends nothing of it. */
export function planSpecialOrders(world: World, [refunded, short, disputed, ...waiting]: readonly Customer[]): void {
  const { agenda, untilMs } = world;
  const at = (hours: number, customer: Customer | undefined, act: (customer: Customer) => Promise<void>) =>
    customer && agenda.add(untilMs - hours * HOUR_MS, () => act(customer));
  at(200, refunded, async (customer) => {
    const order = await pay(world, customer, "pay");
    agenda.add(world.nowMs() + 20 * HOUR_MS, () => refund(world, order));
  });
  at(30, short, async (customer) => void (await pay(world, customer, "pay-less")));
  at(120, disputed, async (customer) => {
    const order = await pay(world, customer, "pay");
    agenda.add(world.nowMs() + 50 * HOUR_MS, () => dispute(world, order, "opened"));
    agenda.add(world.nowMs() + 52 * HOUR_MS, () => dispute(world, order, "withdrawn"));
  });
  for (const [index, customer] of waiting.entries()) {
    agenda.add(untilMs - (index + 1) * MINUTE_MS, () => orderPack(world, customer, "p500"));
  }
}

/** Orders a pack and pays it. */
async function pay(world: World, customer: Customer, act: DemoAct): Promise<Order> {
  const order = await orderPack(world, customer, "p500");
  invariant(order !== undefined, "the customer has no other orders");
  await actOnOrder(world.payments, { orderId: order.id, act });
  planDelivery(world, 0);
  return order;
}

async function paymentOf({ database }: World, order: Order): Promise<Payment> {
  const [payment] = await database.payments.ofOrders(order.userId, [order.id]);
  invariant(payment !== undefined, `the order ${order.id} has no payment`);
  return payment;
}

async function refund(world: World, order: Order): Promise<void> {
  const { id: paymentId } = await paymentOf(world, order);
  const wish = { paymentId, reason: "bought by mistake" };
  const asked = await askRefund(world.payments, wish, staffPrincipal("finance"));
  invariant(asked.ok, `the payment ${paymentId} was not refunded`);
  planDelivery(world, 0);
}

/** What a provider reports of a dispute. */
async function dispute(world: World, order: Order, state: DisputeFact["state"]): Promise<void> {
  const { txnId, amountMinor, currency } = await paymentOf(world, order);
  const amount = { minor: minorUnits(amountMinor), currency };
  const fact: DisputeFact = { kind: "dispute", disputeId: `dispute-${order.id}`, txnId, amount, state };
  await applyReversalFacts(world.payments, order, { facts: [fact], source: "notice" });
  planDelivery(world, 0);
}
