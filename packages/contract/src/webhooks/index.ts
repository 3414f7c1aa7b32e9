import { create, deliveries, end, list, replay, replaySince, rotate, test } from "./webhooks.ts";

/** The operations on outgoing events, by noun and verb. */
export const webhooksOperations = {
  webhooks: { create, deliveries, end, list, replay, replaySince, rotate, test },
} as const;
