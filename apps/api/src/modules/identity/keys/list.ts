import { operations } from "@jifen/contract";
import { userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { listKeys } from "../use-cases/list-keys.ts";

/** Lists the service keys of one owner, or of all. */
export const list = (deps: Deps) =>
  implement(operations.keys.list, async ({ input: { userId: owner, all, ...query }, caller, requestId }) => {
    const ownerId = owner === undefined ? undefined : userId(owner);
    return listKeys(deps, { ownerId, all, ...query }, principalOf(caller, requestId));
  });
