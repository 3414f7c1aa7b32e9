import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { withdrawCatalogue } from "../use-cases/withdraw-catalogue.ts";
import { toVersionOutput } from "./to-version.ts";

/** Withdraws a version that is not in force yet. */
export const withdraw = (deps: Deps) =>
  implement(operations.adminCatalogues.withdraw, async ({ input, caller, requestId }) => {
    const withdrawn = await withdrawCatalogue(deps, input, principalOf(caller, requestId));
    return withdrawn.ok ? ok(toVersionOutput(withdrawn.value, undefined)) : withdrawn;
  });
