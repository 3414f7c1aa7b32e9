import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { findCatalogue } from "../use-cases/find-catalogue.ts";
import { toVersionOutput } from "./to-version.ts";

/** Reads a version of the catalogue with its document. */
export const adminFind = (deps: Deps) =>
  implement(operations.adminCatalogues.find, async ({ input }) => {
    const found = await findCatalogue(deps, input.version);
    if (!found.ok) return found;
    const { found: inForce } = await deps.catalogues.inForce();
    const document = JSON.parse(found.value.document) as Record<string, unknown>;
    return ok({ ...toVersionOutput(found.value, inForce?.version), document });
  });
