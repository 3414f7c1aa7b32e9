import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { principalOf } from "../identity/credentials/principal.ts";
import type { Deps } from "./deps.ts";
import { toEndpoint } from "./to-endpoint.ts";
import { createEndpoint } from "./use-cases/create-endpoint.ts";

/** Creates an endpoint, whose secret is in this response only. */
export const create = (deps: Deps) =>
  implement(operations.webhooks.create, async ({ input, caller, requestId }) => {
    const created = await createEndpoint(deps, input, principalOf(caller, requestId));
    return created.ok ? ok({ endpoint: toEndpoint(created.value), secret: created.value.secret }) : created;
  });
