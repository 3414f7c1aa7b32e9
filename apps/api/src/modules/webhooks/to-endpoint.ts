import type { OutgoingEventType } from "@jifen/contract";
import type { WebhookEndpoint } from "@jifen/database";
import { isoTime, isoTimeOrNull } from "../../values/iso-time.ts";

/** An endpoint as responses have it, without its secrets. */
export const toEndpoint = ({ id, url, events, allUsers, state, reason, ...endpoint }: WebhookEndpoint) => ({
  ...{ endpointId: id, url, allUsers, state, reason },
  events: [...events] as OutgoingEventType[],
  failingSince: isoTimeOrNull(endpoint.failingSinceMs),
  nextProbeAt: state === "paused" ? isoTimeOrNull(endpoint.nextProbeMs) : null,
  previousUntil: isoTimeOrNull(endpoint.previousUntilMs),
  createdAt: isoTime(endpoint.createdAtMs),
});
