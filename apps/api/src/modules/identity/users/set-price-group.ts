import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { setPriceGroup as setPriceGroupOf } from "../use-cases/set-price-group.ts";
import { toUserOutput } from "./to-user.ts";

/** Sets the price group of a user. */
export const setPriceGroup = (deps: Deps) =>
  implement(operations.users.setPriceGroup, async ({ input, caller, requestId }) => {
    const changed = await setPriceGroupOf(deps, input, principalOf(caller, requestId));
    return changed.ok ? ok(toUserOutput(deps, changed.value)) : changed;
  });
