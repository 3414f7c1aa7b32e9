import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { compareCatalogue } from "../use-cases/compare-catalogues.ts";
import { findCatalogue } from "../use-cases/find-catalogue.ts";
import { documentOf } from "./catalogues.ts";

/** Says what a version changes. */
export const diff = (deps: Deps) =>
  implement(operations.adminCatalogues.diff, async ({ input: { version, against } }) => {
    const found = await findCatalogue(deps, version);
    if (!found.ok) return found;
    const compared = await compareCatalogue(deps, documentOf(found.value), against);
    if (!compared.ok) return compared;
    const { actions, packs, ...rest } = compared.value;
    return ok({ version, ...rest, actions: namesIn(actions), packs: namesIn(packs) });
  });

const namesIn = ({
  added,
  removed,
  changed,
}: {
  added: readonly string[];
  removed: readonly string[];
  changed: readonly string[];
}) => ({
  added: [...added],
  removed: [...removed],
  changed: [...changed],
});
