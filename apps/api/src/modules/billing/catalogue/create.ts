import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { createCatalogue } from "../use-cases/create-catalogue.ts";
import { toVersionOutput } from "./to-version.ts";

/** Makes a draft of the catalogue. */
export const create = (deps: Deps) =>
  implement(operations.adminCatalogues.create, async ({ input, caller, requestId }) => {
    const made = await createCatalogue(deps, input, principalOf(caller, requestId));
    return made.ok ? ok(toVersionOutput(made.value, undefined)) : made;
  });
