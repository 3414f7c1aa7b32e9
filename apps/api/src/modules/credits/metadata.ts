import type { JsonObject } from "@jifen/contract";
import { stringify } from "safe-stable-stringify";

/** Metadata as stored: keys are sorted, so that equal objects are equal texts. */
export const metadataText = (metadata: JsonObject | undefined): string | null =>
  metadata === undefined ? null : stringify(metadata);

/** Parses stored metadata. */
export const metadataOf = (text: string | null): JsonObject | null =>
  text === null ? null : (JSON.parse(text) as JsonObject);

/** A reason as stored in metadata. */
export const reasonText = (reason: string | undefined): string | null =>
  metadataText(reason === undefined ? undefined : { reason });

/** The reason that `reasonText` stored. */
export function reasonOf(text: string | null): string | null {
  const reason = metadataOf(text)?.["reason"];
  return typeof reason === "string" ? reason : null;
}
