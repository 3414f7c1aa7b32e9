import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { CatalogueVersion } from "@jifen/database";
import { isoTime } from "../../../values/iso-time.ts";
import { type Actor, toAuditEvent } from "../../audit/audit-event.ts";
import { LEAD_MS } from "../catalogue/catalogues.ts";
import { readDatabaseClock } from "../catalogue/database-clock.ts";
import { readCatalogue } from "../catalogue/read-catalogue.ts";
import type { CatalogueDeps } from "../deps.ts";
import { findCatalogue } from "./find-catalogue.ts";

/** The draft to publish. */
type Publishing = {
  readonly version: number;
  /** Epoch milliseconds; as soon as possible if left out. */
  readonly effectiveFromMs: number | undefined;
  readonly reason: string;
};

type PublishRefusal = Refusal<"CATALOGUE_NOT_FOUND" | "ALREADY_PUBLISHED" | "CATALOGUE_INVALID" | "TOO_SOON">;

/**
 * Publishes a draft. It is in force at least a minute later, by the database's clock: until then every server has read it.
 * Refuses, in this order: CATALOGUE_NOT_FOUND, ALREADY_PUBLISHED, CATALOGUE_INVALID, TOO_SOON.
 */
export async function publishCatalogue(
  deps: CatalogueDeps,
  { version, effectiveFromMs, reason }: Publishing,
  by: Actor,
): Promise<Outcome<CatalogueVersion, PublishRefusal>> {
  const found = await findCatalogue(deps, version);
  if (!found.ok) return found;
  const { state, document } = found.value;
  if (state !== "draft") return refuse({ code: "ALREADY_PUBLISHED", state });
  // The rules can have become stricter since the draft was made.
  const catalogue = readCatalogue(JSON.parse(document));
  if (!catalogue.ok) return catalogue;
  const nowMs = await readDatabaseClock(deps.database);
  const earliestMs = nowMs + LEAD_MS;
  const fromMs = effectiveFromMs ?? earliestMs;
  if (fromMs < earliestMs) return refuse({ code: "TOO_SOON", earliest: isoTime(earliestMs) });
  const publication = { version, effectiveFromMs: fromMs, by: by.actor, nowMs };
  const details = { effectiveFrom: isoTime(fromMs) };
  const subject = `catalogue:${version}`;
  const event = toAuditEvent(deps, by, { action: "catalogues.publish", subject, reason, details });
  const published = await deps.database.catalogues.publish(publication, event);
  deps.catalogues.forget();
  if (!published.ok) return published;
  return ok({
    ...found.value,
    ...{ state: "published", effectiveFromMs: fromMs, publishedBy: by.actor, publishedAtMs: nowMs },
  });
}
