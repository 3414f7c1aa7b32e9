import type { JsonObject, Refusal } from "@jifen/contract";
import { type Outcome, ok } from "@jifen/core";
import type { CatalogueVersion } from "@jifen/database";
import { type Actor, toAuditEvent } from "../../audit/audit-event.ts";
import { readCatalogue } from "../catalogue/read-catalogue.ts";
import type { CatalogueDeps } from "../deps.ts";

/** A draft to make. */
type Draft = { readonly document: JsonObject; readonly note?: string | undefined };

/** Makes a draft of the catalogue. Refuses: CATALOGUE_INVALID, for what could never be published. */
export async function createCatalogue(
  deps: CatalogueDeps,
  { document, note }: Draft,
  by: Actor,
): Promise<Outcome<CatalogueVersion, Refusal<"CATALOGUE_INVALID">>> {
  const catalogue = readCatalogue(document);
  if (!catalogue.ok) return catalogue;
  const draft = {
    document: JSON.stringify(document),
    note: note ?? null,
    madeBy: by.actor,
    madeAtMs: deps.nowMs(),
  };
  return ok(
    await deps.database.catalogues.create(draft, (version) =>
      toAuditEvent(deps, by, { action: "catalogues.create", subject: `catalogue:${version}` }),
    ),
  );
}
