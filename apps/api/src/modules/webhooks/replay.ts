import { MAX_REPLAYED, operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { idBound, timeOfId } from "@jifen/database";
import { implement } from "../../trpc/procedure.ts";
import { isoTime } from "../../values/iso-time.ts";
import { principalOf } from "../identity/credentials/principal.ts";
import { readDeliveryId } from "./delivery-id.ts";
import type { Deps } from "./deps.ts";
import { findEndpoint } from "./use-cases/find-endpoint.ts";

/** Sends an event again. */
export const replay = (deps: Deps) =>
  implement(operations.webhooks.replay, async ({ input, caller, requestId }) => {
    const key = readDeliveryId(input.deliveryId);
    if (!key) return refuse({ code: "DELIVERY_NOT_FOUND" });
    const found = await findEndpoint(deps, key.endpointId, principalOf(caller, requestId));
    if (!found.ok) return found;
    const isFound = await deps.database.webhooks.replay({ ...key, ownerId: found.value.ownerId }, deps.nowMs());
    return isFound ? ok({ replayed: 1 }) : refuse({ code: "DELIVERY_NOT_FOUND" });
  });

/** Sends the events of an endpoint since a time again, up to a limit. */
export const replaySince = (deps: Deps) =>
  implement(operations.webhooks.replaySince, async ({ input, caller, requestId }) => {
    const found = await findEndpoint(deps, input.endpointId, principalOf(caller, requestId));
    if (!found.ok) return found;
    const first = idBound(Date.parse(input.since), "evt");
    const limits = { nowMs: deps.nowMs(), most: MAX_REPLAYED };
    const { replayed, next } = await deps.database.webhooks.replaySince(found.value, first, limits);
    return ok({ replayed, nextSince: next === undefined ? null : isoTime(timeOfId(next)) });
  });
