import type { CodeBatch } from "@jifen/database";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";

/** A batch of redemption codes as responses have it. */
export const toBatch = ({ id, size, fromMs, untilMs, madeAtMs, endedAtMs, ownerId: _, ...batch }: CodeBatch) => ({
  ...batch,
  batchId: id,
  codes: size,
  from: isoTimeOrNull(fromMs),
  until: isoTimeOrNull(untilMs),
  madeAt: isoTime(madeAtMs),
  endedAt: isoTimeOrNull(endedAtMs),
});
