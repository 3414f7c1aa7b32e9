import { isDeepStrictEqual } from "node:util";
import type { CallLog } from "@jifen/database";
import type { Redactor } from "./redaction/redactor.ts";

/** Whether a stored log is what a repeated request reports, as far as it can be compared. */
export const isSameLog = (
  stored: CallLog,
  reported: CallLog & { readonly details: string },
  redact: Redactor,
): boolean =>
  stored.id === reported.id ||
  (stored.action === reported.action &&
    stored.success === reported.success &&
    stored.occurredAtMs === reported.occurredAtMs &&
    stored.durationMs === reported.durationMs &&
    stored.subjectId === reported.subjectId &&
    stored.reference === reported.reference &&
    hasSameDetails(stored, reported.details, redact));

/**
 * A log that was stored under fewer rules of redaction is compared as it would be stored now. Details that have expired cannot
 * be compared.
 */
const hasSameDetails = ({ details }: CallLog, reported: string, redact: Redactor): boolean =>
  details === null || isDeepStrictEqual(redact(JSON.parse(details)).value, JSON.parse(reported));
