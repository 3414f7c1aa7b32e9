import { redactAccessTokens } from "./access-tokens.ts";
import { redactEncodedData } from "./encoded-data.ts";
import { redactKeyBlocks } from "./key-blocks.ts";
import type { Redacted } from "./redacted.ts";

/** A JWT has long parts in base64: tokens are found first. */
const STEPS = [redactKeyBlocks, redactAccessTokens, redactEncodedData];

/** No secret that can be recognised is shorter. */
const MIN_LENGTH = 15;

/** Redacts what looks like a secret or like encoded data in a text; undefined when there is nothing. */
export function redactText(text: string): Redacted<string> | undefined {
  if (text.length < MIN_LENGTH) return undefined;
  let [value, places] = [text, 0];
  for (const step of STEPS) {
    const redacted = step(value);
    if (!redacted) continue;
    value = redacted.value;
    places += redacted.places;
  }
  return places === 0 ? undefined : { value, places };
}
