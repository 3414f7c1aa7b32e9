import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { endCodes } from "../use-cases/end-codes.ts";
import { toBatch } from "./to-batch.ts";

/** Ends a batch of redemption codes. */
export const end = (deps: Deps) =>
  implement(operations.codeBatches.end, async ({ input, caller, requestId }) => {
    const ended = await endCodes(deps, input, principalOf(caller, requestId));
    return ended.ok ? ok({ batch: toBatch(ended.value) }) : ended;
  });
