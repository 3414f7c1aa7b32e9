import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { WebhookEndpoint } from "@jifen/database";
import { ownUserId, type Principal } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";

type Found = Outcome<WebhookEndpoint, Refusal<"ENDPOINT_NOT_FOUND">>;

/** An endpoint of the principal's own user that has not ended. Refuses: ENDPOINT_NOT_FOUND. */
export async function findEndpoint({ database }: Pick<Deps, "database">, id: string, by: Principal): Promise<Found> {
  const owner = ownUserId(by);
  return unlessEnded(owner === null ? undefined : await database.webhooks.find(owner, id));
}

/** The same, and for an admin an endpoint of any user. */
export async function findEndpointToEnd(deps: Pick<Deps, "database">, id: string, by: Principal): Promise<Found> {
  return by.role === "admin" ? unlessEnded(await deps.database.webhooks.findById(id)) : findEndpoint(deps, id, by);
}

const unlessEnded = (endpoint: WebhookEndpoint | undefined): Found =>
  endpoint && endpoint.state !== "ended" ? ok(endpoint) : refuse({ code: "ENDPOINT_NOT_FOUND" });
