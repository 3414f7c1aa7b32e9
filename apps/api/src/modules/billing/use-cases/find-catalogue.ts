import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { CatalogueVersion } from "@jifen/database";
import type { CatalogueDeps } from "../deps.ts";

/** Finds a version of the catalogue. Refuses: CATALOGUE_NOT_FOUND. */
export async function findCatalogue(
  { database }: Pick<CatalogueDeps, "database">,
  version: number,
): Promise<Outcome<CatalogueVersion, Refusal<"CATALOGUE_NOT_FOUND">>> {
  const found = await database.catalogues.find(version);
  return found ? ok(found) : refuse({ code: "CATALOGUE_NOT_FOUND" });
}
