import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { makeCodes } from "../use-cases/make-codes.ts";
import { toBatch } from "./to-batch.ts";

/** Makes a batch of redemption codes. */
export const make = (deps: Deps) =>
  implement(operations.codeBatches.make, async ({ input, caller, requestId }) => {
    const made = await makeCodes(deps, input, principalOf(caller, requestId));
    return made.ok ? ok({ batch: toBatch(made.value.batch), codes: [...made.value.codes] }) : made;
  });
