import type { WebhookDelivery } from "@jifen/database";
import { isoTimeOrNull } from "../../values/iso-time.ts";
import { deliveryIdOf } from "./delivery-id.ts";

/** A delivery as responses have it. */
export const toDelivery = (delivery: WebhookDelivery) => ({
  ...{ deliveryId: deliveryIdOf(delivery), eventId: delivery.eventId, userId: delivery.userId },
  ...{ state: delivery.state, tries: delivery.tries, nextAt: isoTimeOrNull(delivery.nextMs) },
  ...{ lastStatus: delivery.lastStatus, lastError: delivery.lastError, lastAt: isoTimeOrNull(delivery.lastAtMs) },
});
