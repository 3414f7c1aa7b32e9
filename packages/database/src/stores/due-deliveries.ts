import type { Records, StoredRecord } from "../records/records.ts";

/** How many deliveries are sent together: in all, of one owner, and to one endpoint. */
export type DueLimits = { readonly most: number; readonly perOwner: number; readonly perEndpoint: number };

/** Deliveries that are to be sent, and whether others are due as well. */
type Due = { readonly deliveries: readonly StoredRecord<"webhook_deliveries">[]; readonly isMore: boolean };

const PAGE = 200;
/** Bounds the search when few owners have most of the deliveries that are due. */
const MAX_PAGES = 50;
/** Greater than every id of an event. */
const LAST_EVENT = "~";

/**
 * The deliveries that have been due for longest, within the limits: those of one owner must not hold up the others. The
 * deliveries that a replay, or an endpoint that works again, makes due together follow each other, and are skipped together.
 */
export async function dueDeliveries(records: Records, nowMs: number, limits: DueLimits): Promise<Due> {
  const query = { by: ["nextMs", "ownerId", "endpointId", "eventId"], limit: PAGE, index: "due" } as const;
  const deliveries: StoredRecord<"webhook_deliveries">[] = [];
  const counts = new Map<string, number>();
  const isFull = ({ ownerId, endpointId }: StoredRecord<"webhook_deliveries">) =>
    (counts.get(ownerId) ?? 0) >= limits.perOwner ||
    (counts.get(`${ownerId} ${endpointId}`) ?? 0) >= limits.perEndpoint;
  const add = (delivery: StoredRecord<"webhook_deliveries">) => {
    deliveries.push(delivery);
    for (const key of [delivery.ownerId, `${delivery.ownerId} ${delivery.endpointId}`])
      counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  let after: Partial<StoredRecord<"webhook_deliveries">> | undefined;
  let isMore = false;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await records.list("webhook_deliveries", { where: { nextMs: { lte: nowMs } }, after, ...query });
    for (const delivery of page) {
      if (deliveries.length >= limits.most || isFull(delivery)) isMore = true;
      else add(delivery);
    }
    const last = page.at(-1);
    if (deliveries.length >= limits.most || page.length < PAGE || !last) return { deliveries, isMore };
    const { nextMs, ownerId, endpointId, eventId } = last;
    after = { nextMs, ownerId, endpointId, eventId: isFull(last) ? LAST_EVENT : eventId };
  }
  return { deliveries, isMore: true };
}
