import { idBound } from "@jifen/database";
import type { Job } from "../../jobs/job.ts";
import type { Deps } from "./deps.ts";
import { deliver } from "./use-cases/deliver.ts";

/** A delivery can be sent again until it is removed, and needs its event for three days then. */
const EVENTS_LONGER_MS = 7 * 86_400_000;

const MOST_EVENTS = 100;
/** Sent concurrently: a slow endpoint, or a user with several, must not hold up the others. */
const LIMITS = { most: 50, perOwner: 5, perEndpoint: 2 };

/** Sends outgoing events to their endpoints. */
export const deliverJob = (deps: Deps): Job => ({
  name: "webhook deliveries",
  intervalMs: 1_000,
  leaseMs: 15_000,
  runBatch: async (signal) => {
    const { webhooks } = deps.database;
    const events = await webhooks.fanOut(deps.nowMs(), MOST_EVENTS);
    const { deliveries, isMore } = await webhooks.due(deps.nowMs(), LIMITS);
    await Promise.all(deliveries.map((delivery) => deliver(deps, delivery, signal)));
    return { isMore: isMore || events === MOST_EVENTS };
  },
});

/** Removes deliveries that are final and events after `retentionMs`, every hour. */
export const removeOldDeliveriesJob = (
  { database: { webhooks }, nowMs }: Pick<Deps, "database" | "nowMs">,
  retentionMs: number,
): Job => ({
  name: "old webhook deliveries",
  intervalMs: 3_600_000,
  leaseMs: 60_000,
  runBatch: async () => {
    const beforeMs = nowMs() - retentionMs;
    await webhooks.removeOld({ eventId: idBound(beforeMs, "evt"), eventsBeforeMs: beforeMs - EVENTS_LONGER_MS });
    return { isMore: false };
  },
});
