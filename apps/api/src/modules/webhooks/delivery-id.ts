import type { DeliveryKey } from "@jifen/database";

/** The id of a delivery: that of its endpoint, and that of its event. */
export const deliveryIdOf = ({ endpointId, eventId }: Omit<DeliveryKey, "ownerId">): string =>
  `${endpointId}-${eventId}`;

/** The endpoint and the event of a delivery; undefined when the id is none. */
export function readDeliveryId(id: string): Omit<DeliveryKey, "ownerId"> | undefined {
  const { endpointId, eventId } = /^(?<endpointId>endpoint-[\w-]+)-(?<eventId>evt-[\w-]+)$/.exec(id)?.groups ?? {};
  return endpointId === undefined || eventId === undefined ? undefined : { endpointId, eventId };
}
