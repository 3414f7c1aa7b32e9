import type { JifenOutputs } from "@jifen/client";

/** An order in a list. */
export type Order = JifenOutputs["adminOrders"]["list"]["items"][number];
/** An order with all that happened to it. */
export type OrderFile = JifenOutputs["adminOrders"]["find"];
/** The state of an order. */
export type OrderState = Order["state"];
/** A payment of an order. */
export type Payment = OrderFile["payments"][number];
/** A reversal of a payment: a refund, or a dispute. */
export type Reversal = OrderFile["reversals"][number];
/** An event of an order. */
export type OrderEvent = OrderFile["events"][number];

/** The states, in the order of a filter. */
export const orderStates: readonly OrderState[] = ["new", "open", "paid", "credited", "closed", "failed"];

/** How much of a payment can be returned. */
export type Refundable = JifenOutputs["adminReversals"]["refundable"];
