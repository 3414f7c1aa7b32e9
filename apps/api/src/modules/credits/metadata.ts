import type { JsonObject } from "@jifen/contract";
import { stringify } from "safe-stable-stringify";

/** Metadata as the ledger keeps it: keys are sorted, so that equal objects are equal texts. */
export const metadataText = (metadata: JsonObject | undefined): string | null =>
  metadata === undefined ? null : stringify(metadata);

/** Metadata as it was given. */
export const metadataOf = (text: string | null): JsonObject | null =>
  text === null ? null : (JSON.parse(text) as JsonObject);

/** A reason as the ledger keeps it. */
export const reasonText = (reason: string | undefined): string | null =>
  metadataText(reason === undefined ? undefined : { reason });

/** The reason that was kept by `reasonText`. */
export function reasonOf(text: string | null): string | null {
  const reason = metadataOf(text)?.["reason"];
  return typeof reason === "string" ? reason : null;
}
