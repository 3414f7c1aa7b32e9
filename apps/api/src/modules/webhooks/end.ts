import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { principalOf } from "../identity/credentials/principal.ts";
import type { Deps } from "./deps.ts";
import { toEndpoint } from "./to-endpoint.ts";
import { endEndpoint } from "./use-cases/end-endpoint.ts";

/** Ends an endpoint. */
export const end = (deps: Deps) =>
  implement(operations.webhooks.end, async ({ input, caller, requestId }) => {
    const ended = await endEndpoint(deps, input.endpointId, principalOf(caller, requestId));
    return ended.ok ? ok({ endpoint: toEndpoint(ended.value) }) : ended;
  });
