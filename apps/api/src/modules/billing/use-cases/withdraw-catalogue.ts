import type { Refusal } from "@jifen/contract";
import type { Outcome } from "@jifen/core";
import type { CatalogueVersion } from "@jifen/database";
import { type Actor, toAuditEvent } from "../../audit/audit-event.ts";
import { LEAD_MS } from "../catalogue/catalogues.ts";
import { readDatabaseClock } from "../catalogue/database-clock.ts";
import type { CatalogueDeps } from "../deps.ts";
import { findCatalogue } from "./find-catalogue.ts";

/**
 * Withdraws a draft, or a published version at least a minute before it is in force: later, a server could already charge by
 * it. Refuses, in this order: CATALOGUE_NOT_FOUND, ALREADY_IN_FORCE.
 */
export async function withdrawCatalogue(
  deps: CatalogueDeps,
  { version, reason }: { readonly version: number; readonly reason: string },
  by: Actor,
): Promise<Outcome<CatalogueVersion, Refusal<"CATALOGUE_NOT_FOUND" | "ALREADY_IN_FORCE">>> {
  const nowMs = await readDatabaseClock(deps.database);
  const subject = `catalogue:${version}`;
  const event = toAuditEvent(deps, by, { action: "catalogues.withdraw", subject, reason });
  const withdrawn = await deps.database.catalogues.withdraw(version, nowMs + LEAD_MS, event);
  deps.catalogues.forget();
  return withdrawn.ok ? findCatalogue(deps, version) : withdrawn;
}
