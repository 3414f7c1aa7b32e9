import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { principalOf } from "../identity/credentials/principal.ts";
import type { Deps } from "./deps.ts";
import { isSuccess } from "./send.ts";
import { signedMessage } from "./signed-message.ts";
import { findEndpoint } from "./use-cases/find-endpoint.ts";
import { limit } from "./use-cases/limit.ts";
import { networksOf } from "./use-cases/networks-of.ts";
import { resume } from "./use-cases/resume.ts";

/** Sends a test event now. An endpoint that accepts it is active again, and gets what was waiting for it. */
export const test = (deps: Deps) =>
  implement(operations.webhooks.test, async ({ input, caller, requestId }) => {
    const found = await findEndpoint(deps, input.endpointId, principalOf(caller, requestId));
    if (!found.ok) return found;
    const limited = await limit(deps, found.value.ownerId);
    if (limited) return limited;
    const nowMs = deps.nowMs();
    const networks = networksOf(deps, await deps.userCache.find(found.value.ownerId));
    const event = { id: deps.newId("evt"), type: "webhook.test", data: "{}", createdAtMs: nowMs };
    const result = await deps.send(signedMessage(found.value, event, nowMs), { networks, signal: deps.stopping });
    if (isSuccess(result) && found.value.state === "paused") await resume(deps, found.value);
    return ok({ delivered: isSuccess(result), ...result });
  });
