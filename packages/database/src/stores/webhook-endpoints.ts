import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import type { Records, StoredRecord } from "../records/records.ts";
import { type AuditEvent, withAuditEvent } from "./audit-log.ts";

/** Where events are sent. Times are epoch milliseconds. */
export type WebhookEndpoint = {
  readonly ownerId: UserId;
  /** `endpoint-` and a time-ordered id. */
  readonly id: string;
  readonly url: string;
  /** The types of events that it gets. */
  readonly events: readonly string[];
  /** Whether it gets the events of all users, not only those of its owner. */
  readonly allUsers: boolean;
  /** `whsec_` and the key in base64. */
  readonly secret: string;
  readonly previousSecret: string | null;
  /** Until when events are signed with the previous secret as well. */
  readonly previousUntilMs: number | null;
  readonly state: "active" | "paused" | "ended";
  readonly reason: string | null;
  /** How many events in a row have failed. */
  readonly failures: number;
  /** When the first of them has failed. */
  readonly failingSinceMs: number | null;
  /** When an event is sent to it next while it is paused, to see whether it works again. */
  readonly nextProbeMs: number | null;
  readonly createdBy: string;
  readonly createdAtMs: number;
};

/** An endpoint to create. */
export type NewWebhookEndpoint = Omit<
  WebhookEndpoint,
  "previousSecret" | "previousUntilMs" | "state" | "reason" | "failures" | "failingSinceMs" | "nextProbeMs"
>;

/** The key of an endpoint. */
export type EndpointKey = Pick<WebhookEndpoint, "ownerId" | "id">;

type StateChange = {
  readonly from: WebhookEndpoint["state"];
  readonly to: WebhookEndpoint["state"];
  readonly reason: string | null;
  readonly nextProbeMs?: number;
};

/** Why an endpoint was not created: its owner does not exist, or has as many as allowed. */
export type EndpointRefusal = { code: "USER_NOT_FOUND" } | { code: "ENDPOINT_LIMIT"; limit: number };

/** Endpoints of users. */
export type WebhookEndpointStore = {
  /** The limit holds for concurrent calls as well: endpoints that have ended do not count. */
  create(endpoint: NewWebhookEndpoint, most: number, event: AuditEvent): Promise<Outcome<undefined, EndpointRefusal>>;
  find(owner: UserId, id: string): Promise<WebhookEndpoint | undefined>;
  /** An endpoint by its id alone. */
  findById(id: string): Promise<WebhookEndpoint | undefined>;
  /** The endpoints of all owners that have not ended. */
  allEndpoints(): Promise<readonly WebhookEndpoint[]>;
  /** The endpoints of an owner that have not ended, newest first. */
  endpoints(owner: UserId): Promise<readonly WebhookEndpoint[]>;
  /** Changes the secret, unless it was changed concurrently. @returns whether it did */
  rotate(
    endpoint: WebhookEndpoint,
    to: { readonly secret: string; readonly previousUntilMs: number },
    event: AuditEvent,
  ): Promise<boolean>;
  /** @returns false when the endpoint does not exist or has ended before */
  end(owner: UserId, id: string, event: AuditEvent): Promise<boolean>;
  /** Pauses or ends an endpoint, or makes a paused one active. @returns whether it had the state `from` */
  setState(endpoint: EndpointKey, change: StateChange): Promise<boolean>;
  /** Counts an event in a row that has failed. @returns the endpoint as it is then; undefined when there is none */
  countFailure(endpoint: EndpointKey, atMs: number): Promise<WebhookEndpoint | undefined>;
  /** No event in a row has failed any more. */
  clearFailures(endpoint: EndpointKey): Promise<void>;
  /** Takes the next probe of a paused endpoint, and sets the time of the one after it. @returns whether it is taken */
  takeProbe(endpoint: WebhookEndpoint, nextProbeMs: number): Promise<boolean>;
};

/** Not ended: those that have ended stay until they have no deliveries any more, and their number has no bound. */
export const live = { state: { in: ["active", "paused"] } };

/** Endpoints on any database. */
export const createEndpointStore = (records: Records): WebhookEndpointStore => ({
  create: (endpoint, most, event) =>
    withAuditEvent(records, event, async (tx): Promise<Outcome<undefined, EndpointRefusal>> => {
      // Two transactions that count at the same time would both find room: creating an endpoint locks its owner.
      if (!(await tx.lock("users", { id: endpoint.ownerId }, { deletedAtMs: null }))) {
        return refuse({ code: "USER_NOT_FOUND" });
      }
      const { ownerId } = endpoint;
      if ((await tx.count("webhook_endpoints", { ownerId, ...live }, most)) >= most)
        return refuse({ code: "ENDPOINT_LIMIT", limit: most });
      const { events } = endpoint;
      await tx.insert("webhook_endpoints", { ...endpoint, events: events.join(" "), state: "active", failures: 0 });
      return ok(undefined);
    }),

  find: async (ownerId, id) => {
    const endpoint = await records.get("webhook_endpoints", { ownerId, id });
    return endpoint && toEndpoint(endpoint);
  },

  findById: async (id) => {
    const [endpoint] = await records.list("webhook_endpoints", { where: { id }, limit: 1 });
    return endpoint && toEndpoint(endpoint);
  },

  allEndpoints: async () =>
    (await records.list("webhook_endpoints", { where: live, by: ["ownerId", "id"] })).map(toEndpoint),

  endpoints: async (ownerId) => {
    const newestFirst = { by: ["id"], direction: "desc" } as const;
    const found = await records.list("webhook_endpoints", { where: { ownerId, ...live }, ...newestFirst });
    return found.map(toEndpoint);
  },

  rotate: async ({ ownerId, id, secret: previousSecret }, { secret, previousUntilMs }, event) => {
    const set = { secret, previousSecret, previousUntilMs };
    const outcome = await withAuditEvent(records, event, async (tx) =>
      changedIf(
        await tx.compareAndSet("webhook_endpoints", { ownerId, id }, { expected: { secret: previousSecret }, set }),
      ),
    );
    return outcome.ok;
  },

  end: async (ownerId, id, event) => {
    const outcome = await withAuditEvent(records, event, async (tx) => {
      return changedIf(
        (await tx.update("webhook_endpoints", { ownerId, id, ...live }, { set: { state: "ended" } })) === 1,
      );
    });
    return outcome.ok;
  },

  setState: ({ ownerId, id }, { from, to, reason, nextProbeMs = null }) =>
    records.compareAndSet(
      "webhook_endpoints",
      { ownerId, id },
      // Staff sees since when a paused endpoint has been failing.
      { expected: { state: from }, set: { state: to, reason, nextProbeMs, ...(to === "active" && noFailures) } },
    ),

  countFailure: async ({ ownerId, id }, atMs) => {
    await records.update("webhook_endpoints", { ownerId, id, failingSinceMs: null }, { set: { failingSinceMs: atMs } });
    await records.update("webhook_endpoints", { ownerId, id }, { add: { failures: 1 } });
    const endpoint = await records.get("webhook_endpoints", { ownerId, id });
    return endpoint && toEndpoint(endpoint);
  },

  clearFailures: async ({ ownerId, id }) => {
    await records.update("webhook_endpoints", { ownerId, id }, { set: noFailures });
  },

  takeProbe: ({ ownerId, id, nextProbeMs: formerMs }, nextProbeMs) =>
    records.compareAndSet(
      "webhook_endpoints",
      { ownerId, id },
      { expected: { state: "paused", nextProbeMs: formerMs }, set: { nextProbeMs } },
    ),
});

const noFailures = { failures: 0, failingSinceMs: null } as const;

/** A change was not made. */
export const changedIf = (isChanged: boolean) => (isChanged ? ok(undefined) : refuse({ code: "UNCHANGED" }));

const toEndpoint = (record: StoredRecord<"webhook_endpoints">): WebhookEndpoint => ({
  ...record,
  ownerId: userId(record.ownerId),
  events: record.events.split(" "),
  state: record.state as WebhookEndpoint["state"],
});
