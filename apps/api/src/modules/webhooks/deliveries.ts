import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { outgoingEventCursor, pageOf } from "../../values/cursor.ts";
import { principalOf } from "../identity/credentials/principal.ts";
import type { Deps } from "./deps.ts";
import { toDelivery } from "./to-delivery.ts";
import { findEndpoint } from "./use-cases/find-endpoint.ts";

/** Lists the deliveries of an endpoint, newest event first. */
export const deliveries = (deps: Deps) =>
  implement(operations.webhooks.deliveries, async ({ input, caller, requestId }) => {
    const before = outgoingEventCursor.read(input.cursor);
    if (!before.ok) return before;
    const found = await findEndpoint(deps, input.endpointId, principalOf(caller, requestId));
    if (!found.ok) return found;
    const page = { limit: input.limit + 1, before: before.value };
    const rows = await deps.database.webhooks.deliveries(found.value.ownerId, input.endpointId, page);
    const { page: shown, nextCursor } = pageOf(rows, input.limit, ({ eventId }) => outgoingEventCursor.write(eventId));
    return ok({ items: shown.map(toDelivery), nextCursor });
  });
