import { type Catalogue, type CatalogueDiff, diffCatalogues } from "@jifen/billing";
import type { Refusal } from "@jifen/contract";
import { type Outcome, ok } from "@jifen/core";
import { documentOf } from "../catalogue/catalogues.ts";
import { readDatabaseClock } from "../catalogue/database-clock.ts";
import type { CatalogueDeps } from "../deps.ts";
import { findCatalogue } from "./find-catalogue.ts";

/** What a catalogue has that another version has not, and the other way round. `against`: null when there is none. */
export type Comparison = CatalogueDiff & { readonly against: number | null };

const empty: Catalogue = { actions: [], multipliers: [], packs: [] };

/** Compares a catalogue with a version, or with the one in force. Refuses: CATALOGUE_NOT_FOUND. */
export async function compareCatalogue(
  deps: Pick<CatalogueDeps, "database">,
  after: Catalogue,
  against: number | undefined,
): Promise<Outcome<Comparison, Refusal<"CATALOGUE_NOT_FOUND">>> {
  if (against === undefined) {
    const { inForce } = await deps.database.catalogues.current(await readDatabaseClock(deps.database));
    const before = inForce ? documentOf(inForce) : empty;
    return ok({ against: inForce?.version ?? null, ...diffCatalogues(before, after) });
  }
  const found = await findCatalogue(deps, against);
  return found.ok ? ok({ against, ...diffCatalogues(documentOf(found.value), after) }) : found;
}
