import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { WebhookEndpoint } from "@jifen/database";
import { toAuditEvent } from "../../audit/audit-event.ts";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { findEndpointToEnd } from "./find-endpoint.ts";

/** Ends an endpoint of the principal's own user; an admin ends that of any user. Refuses: ENDPOINT_NOT_FOUND. */
export async function endEndpoint(
  deps: Pick<Deps, "database" | "newId" | "nowMs">,
  endpointId: string,
  by: Principal,
): Promise<Outcome<WebhookEndpoint, Refusal<"ENDPOINT_NOT_FOUND">>> {
  const found = await findEndpointToEnd(deps, endpointId, by);
  if (!found.ok) return found;
  const { ownerId, id } = found.value;
  const details = { owner: ownerId };
  const event = toAuditEvent(deps, by, { action: "webhooks.end", subject: `endpoint:${id}`, details });
  if (!(await deps.database.webhooks.end(ownerId, id, event))) return refuse({ code: "ENDPOINT_NOT_FOUND" });
  return ok({ ...found.value, state: "ended" });
}
