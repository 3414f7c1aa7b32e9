import type { CatalogueVersion } from "@jifen/database";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";

/** A version as the endpoints for staff show it. @param inForce the version that is in force */
export const toVersionOutput = (stored: CatalogueVersion, inForce: number | undefined) => ({
  version: stored.version,
  state: stored.state,
  inForce: stored.version === inForce,
  effectiveFrom: isoTimeOrNull(stored.effectiveFromMs),
  note: stored.note,
  madeBy: stored.madeBy,
  madeAt: isoTime(stored.madeAtMs),
  publishedBy: stored.publishedBy,
  publishedAt: isoTimeOrNull(stored.publishedAtMs),
});
