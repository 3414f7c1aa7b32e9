import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { ownUserId, principalOf } from "../identity/credentials/principal.ts";
import type { Deps } from "./deps.ts";
import { toEndpoint } from "./to-endpoint.ts";

/** Lists the endpoints of the caller that have not ended. */
export const list = ({ database }: Deps) =>
  implement(operations.webhooks.list, async ({ caller, requestId }) => {
    const owner = ownUserId(principalOf(caller, requestId)) ?? caller.userId;
    const endpoints = await database.webhooks.endpoints(owner);
    return ok({ items: endpoints.map(toEndpoint) });
  });
