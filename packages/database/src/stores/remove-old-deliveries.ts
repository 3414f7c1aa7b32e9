import type { Records } from "../records/records.ts";

/**
 * Deletes final deliveries of older events than `eventId`, endpoints that have ended and have no deliveries any more, and
 * events that were written before `eventsBeforeMs`, in small steps. An event has to be kept for longer than its deliveries,
 * which can be sent again.
 */
export type RemoveOldDeliveries = (bounds: {
  readonly eventId: string;
  readonly eventsBeforeMs: number;
}) => Promise<void>;

/** How many rows one statement reads or deletes at most. */
const STEP = 1_000;

/** The removal on any database. */
export const createRemoveOldDeliveries =
  (records: Records): RemoveOldDeliveries =>
  async ({ eventId, eventsBeforeMs }) => {
    for await (const endpoint of endpointsOf(records)) {
      const { ownerId, id, state } = endpoint;
      const of = { ownerId, endpointId: id };
      // The key begins with the endpoint: each deletion reads a range of it.
      await records.deleteInSteps("webhook_deliveries", { ...of, eventId: { lt: eventId }, nextMs: null }, STEP);
      if (state !== "ended" || (await records.count("webhook_deliveries", of, 1)) > 0) continue;
      await records.delete("webhook_endpoints", { ownerId, id, state: "ended" });
    }
    const old = { createdAtMs: { lt: eventsBeforeMs }, fanOutMs: null };
    await records.deleteInSteps("outgoing_events", old, STEP);
  };

/** Every endpoint, a page at a time: there is no bound to their number. */
async function* endpointsOf(records: Records) {
  const query = { by: ["ownerId", "id"], limit: STEP } as const;
  let page = await records.list("webhook_endpoints", query);
  while (page.length > 0) {
    yield* page;
    const last = page.at(-1);
    if (page.length < STEP || !last) return;
    page = await records.list("webhook_endpoints", { ...query, after: { ownerId: last.ownerId, id: last.id } });
  }
}
