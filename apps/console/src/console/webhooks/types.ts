import type { JifenInputs, JifenOutputs } from "@jifen/client";

/** An endpoint that gets events. */
export type Endpoint = JifenOutputs["webhooks"]["list"]["items"][number];
/** An event for an endpoint, and how far it is. */
export type Delivery = JifenOutputs["webhooks"]["deliveries"]["items"][number];
/** The type of an event. */
export type EventType = NonNullable<JifenInputs["webhooks"]["create"]["events"]>[number];

/** All types, in the order of the form. */
export const eventTypes: readonly EventType[] = [
  ...(["order.credited", "payment.review", "reversal.done", "dispute.opened"] as const),
  ...(["code.redeemed", "balance.low"] as const),
];
