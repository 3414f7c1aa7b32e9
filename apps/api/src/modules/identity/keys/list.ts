import { operations } from "@jifen/contract";
import { userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { listKeys } from "../use-cases/list-keys.ts";

/** Lists the service keys of one owner. */
export const list = (deps: Deps) =>
  implement(operations.keys.list, async ({ input: { userId: owner, limit, cursor }, caller, requestId }) => {
    const ownerId = owner === undefined ? undefined : userId(owner);
    return listKeys(deps, { ownerId, limit, cursor }, principalOf(caller, requestId));
  });
