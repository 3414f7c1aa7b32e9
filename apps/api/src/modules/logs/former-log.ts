import { type CallLog, type FormerLog, timeOfId } from "@jifen/database";

/** A log of an earlier version. It counts at the time of its id. */
export const fromFormerLog = ({ idempotencyKey: _, ...log }: FormerLog): CallLog & { readonly details: string } => ({
  ...log,
  countedAtMs: timeOfId(log.id),
  durationMs: null,
  subjectId: null,
  reference: null,
  detailsBytes: Buffer.byteLength(log.details),
});
