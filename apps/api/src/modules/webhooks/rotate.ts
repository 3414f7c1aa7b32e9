import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { toAuditEvent } from "../audit/audit-event.ts";
import { principalOf } from "../identity/credentials/principal.ts";
import type { Deps } from "./deps.ts";
import { toEndpoint } from "./to-endpoint.ts";
import { findEndpoint } from "./use-cases/find-endpoint.ts";
import { newSecret } from "./use-cases/new-secret.ts";

/** Gives an endpoint a new secret, which is in this response only. */
export const rotate = (deps: Deps) =>
  implement(operations.webhooks.rotate, async ({ input, caller, requestId }) => {
    const by = principalOf(caller, requestId);
    const found = await findEndpoint(deps, input.endpointId, by);
    if (!found.ok) return found;
    const [secret, previousUntilMs] = [newSecret(), deps.nowMs() + input.overlapSeconds * 1_000];
    const event = toAuditEvent(deps, by, { action: "webhooks.rotate", subject: `endpoint:${input.endpointId}` });
    const isRotated = await deps.database.webhooks.rotate(found.value, { secret, previousUntilMs }, event);
    // Another request has rotated it meanwhile: its secret is the one that counts.
    if (!isRotated) return refuse({ code: "OUTCOME_UNKNOWN" });
    const endpoint = { ...found.value, secret, previousSecret: found.value.secret, previousUntilMs };
    return ok({ endpoint: toEndpoint(endpoint), secret });
  });
