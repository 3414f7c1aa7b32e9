import { type Outcome, ok, type UserId, userId } from "@jifen/core";
import type { Records, RecordTransaction, StoredRecord } from "../records/records.ts";
import { type DueLimits, dueDeliveries } from "./due-deliveries.ts";
import type { OutgoingEvent } from "./outgoing-events.ts";
import type { Page } from "./page.ts";
import { createRemoveOldDeliveries, type RemoveOldDeliveries } from "./remove-old-deliveries.ts";
import {
  changedIf,
  createEndpointStore,
  type EndpointKey,
  live,
  type WebhookEndpointStore,
} from "./webhook-endpoints.ts";

/** One event for one endpoint. */
export type WebhookDelivery = {
  readonly ownerId: UserId;
  readonly endpointId: string;
  readonly eventId: string;
  /** The user of the event. */
  readonly userId: UserId;
  readonly state: "pending" | "delivered" | "failed";
  readonly tries: number;
  readonly nextMs: number | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly lastAtMs: number | null;
};

/** The key of a delivery. */
export type DeliveryKey = Pick<WebhookDelivery, "ownerId" | "endpointId" | "eventId">;

/** What a delivery becomes after it was sent, or could not be. */
export type DeliveryResult = Omit<WebhookDelivery, keyof DeliveryKey | "userId">;

/** Endpoints, events and their deliveries. */
export type WebhookStore = WebhookEndpointStore & {
  /** Creates the deliveries of up to `limit` new events. @returns how many events there were */
  fanOut(nowMs: number, limit: number): Promise<number>;
  /** Deliveries that are to be sent, the longest due first, and whether others are due as well. */
  due(
    nowMs: number,
    limits: DueLimits,
  ): Promise<{ readonly deliveries: readonly WebhookDelivery[]; readonly isMore: boolean }>;
  /** Takes a due delivery until `untilMs`, so that no other process sends it meanwhile. @returns whether it is taken */
  lease(delivery: WebhookDelivery, untilMs: number): Promise<boolean>;
  /** Stores a result, unless the delivery was changed after it was leased until `leasedUntilMs`. */
  settle(key: DeliveryKey, leasedUntilMs: number, result: DeliveryResult): Promise<void>;
  /** Deletes a delivery whose endpoint does not exist any more. */
  forget(key: DeliveryKey): Promise<void>;
  event(user: UserId, id: string): Promise<OutgoingEvent | undefined>;
  /** Deliveries of an endpoint, newest event first. `before`: only smaller ids of events. */
  deliveries(owner: UserId, endpointId: string, page: Page<string>): Promise<readonly WebhookDelivery[]>;
  /** Sends a delivery again. @returns whether it exists */
  replay(key: DeliveryKey, nowMs: number): Promise<boolean>;
  /** Sends what is waiting for an endpoint now. */
  wake(endpoint: EndpointKey, nowMs: number): Promise<void>;
  removeOld: RemoveOldDeliveries;
  /**
   * Sends the first `most` deliveries again whose events have this id or a greater one.
   * @returns how many, and the event of the one that follows them
   */
  replaySince(
    endpoint: EndpointKey,
    eventId: string,
    limits: { readonly nowMs: number; readonly most: number },
  ): Promise<{ readonly replayed: number; readonly next: string | undefined }>;
};

/** Endpoints and deliveries on any database. */
export const createWebhookStore = (records: Records): WebhookStore => ({
  ...createEndpointStore(records),
  ...deliveriesIn(records),
});

const deliveriesIn = (records: Records): Omit<WebhookStore, keyof WebhookEndpointStore> => ({
  fanOut: async (nowMs, limit) => {
    const page = { by: ["fanOutMs", "userId", "id"], limit, index: "new" } as const;
    const events = await records.list("outgoing_events", { where: { fanOutMs: { lte: nowMs } }, ...page });
    if (events.length === 0) return 0;
    const ofAll = await records.list("webhook_endpoints", { where: { allUsers: true, ...live } });
    const owners = [...new Set(events.map((event) => event.userId))];
    const own = await records.list("webhook_endpoints", {
      where: { ownerId: { in: owners }, allUsers: false, ...live },
    });
    for (const event of events) {
      const endpoints = [...ofAll, ...own.filter(({ ownerId }) => ownerId === event.userId)].filter(
        ({ events: types }) => types.split(" ").includes(event.type),
      );
      await records.transaction((tx) => insertDeliveries(tx, { event, endpoints, nowMs }));
    }
    return events.length;
  },

  due: async (nowMs, limits) => {
    const { deliveries, isMore } = await dueDeliveries(records, nowMs, limits);
    return { deliveries: deliveries.map(toDelivery), isMore };
  },

  lease: (delivery, untilMs) =>
    records.compareAndSet("webhook_deliveries", keyOf(delivery), {
      expected: { nextMs: delivery.nextMs },
      set: { nextMs: untilMs },
    }),

  settle: async (key, leasedUntilMs, result) => {
    await records.compareAndSet("webhook_deliveries", keyOf(key), { expected: { nextMs: leasedUntilMs }, set: result });
  },

  forget: async (key) => {
    await records.delete("webhook_deliveries", keyOf(key));
  },

  event: async (user, id) => {
    const event = await records.get("outgoing_events", { userId: user, id });
    return event && { ...event, userId: userId(event.userId) };
  },

  deliveries: async (ownerId, endpointId, { limit, before }) => {
    const found = await records.list("webhook_deliveries", {
      where: { ownerId, endpointId },
      by: ["eventId"],
      direction: "desc",
      after: before === undefined ? undefined : { eventId: before },
      limit,
    });
    return found.map(toDelivery);
  },

  replay: (key, nowMs) =>
    records.compareAndSet("webhook_deliveries", keyOf(key), {
      expected: {},
      set: { state: "pending", tries: 0, nextMs: nowMs },
    }),

  wake: async ({ ownerId, id }, nowMs) => {
    const waiting = { ownerId, endpointId: id, state: "pending" };
    await records.update("webhook_deliveries", waiting, { set: { nextMs: nowMs } });
  },

  removeOld: createRemoveOldDeliveries(records),

  replaySince: async ({ ownerId, id }, from, { nowMs, most }) => {
    const of = { ownerId, endpointId: id };
    const query = { where: { ...of, eventId: { gte: from } }, by: ["eventId"], limit: most + 1 } as const;
    const next = (await records.list("webhook_deliveries", query))[most]?.eventId;
    const set = { state: "pending", tries: 0, nextMs: nowMs };
    const replayed = await records.update("webhook_deliveries", { ...of, eventId: { gte: from, lt: next } }, { set });
    return { replayed, next };
  },
});

type FanOut = {
  readonly event: StoredRecord<"outgoing_events">;
  readonly endpoints: readonly StoredRecord<"webhook_endpoints">[];
  readonly nowMs: number;
};

/** The deliveries of an event are created together, and once: of two processes, one finds the event done. */
async function insertDeliveries(
  tx: RecordTransaction,
  { event, endpoints, nowMs }: FanOut,
): Promise<Outcome<undefined, unknown>> {
  const { userId: user, id: eventId, fanOutMs } = event;
  const done = { expected: { fanOutMs }, set: { fanOutMs: null } };
  if (!(await tx.compareAndSet("outgoing_events", { userId: user, id: eventId }, done))) return changedIf(false);
  const sent = { eventId, userId: user, state: "pending", tries: 0, nextMs: nowMs };
  await tx.insert("webhook_deliveries", ...endpoints.map(({ ownerId, id }) => ({ ownerId, endpointId: id, ...sent })));
  return ok(undefined);
}

const keyOf = ({ ownerId, endpointId, eventId }: DeliveryKey) => ({ ownerId, endpointId, eventId });

const toDelivery = (record: StoredRecord<"webhook_deliveries">): WebhookDelivery => ({
  ...record,
  ownerId: userId(record.ownerId),
  userId: userId(record.userId),
  state: record.state as WebhookDelivery["state"],
});
