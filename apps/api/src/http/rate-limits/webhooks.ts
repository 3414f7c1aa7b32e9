import type { Counters, Rate } from "./counters.ts";

/** Limits how often the webhook endpoints that a user creates or tests make the server look up and connect to hosts. */
export type WebhookLimits = {
  /** Counts one endpoint or test. @returns after how many seconds to retry when the limit is reached */
  take(ownerId: string): Promise<number | undefined>;
};

/** Creates the limits. @param perOwner undefined when they are not counted */
export function createWebhookLimits(counters: Counters, perOwner: Rate | undefined): WebhookLimits {
  const owners = perOwner && counters("webhooks", perOwner);
  return {
    take: async (ownerId) => {
      const counted = await owners?.take(ownerId);
      return counted && !counted.isTaken ? counted.resetSeconds : undefined;
    },
  };
}
