import type { JsonObject } from "@jifen/contract";
import { redactText } from "./redact-text.ts";
import { REDACTED, type Redacted } from "./redacted.ts";
import { createSecretNames } from "./secret-names.ts";

/** Redacts the details of a log. It is pure, and redacting what is redacted changes nothing. */
export type Redactor = (details: JsonObject) => Redacted<JsonObject>;

/** The redactor of a server that stores details as they are sent. */
export const keepDetails: Redactor = (details) => ({ value: details, places: 0 });

const placesOf = (parts: readonly (Redacted | undefined)[]): number =>
  parts.reduce((sum, part) => sum + (part?.places ?? 0), 0);

/**
 * Creates a redactor of texts that are anywhere below a name of a secret, and of what looks like a secret or like encoded
 * data in other texts. Names, numbers, booleans and null never change.
 */
export function createRedactor(extraNames: readonly string[]): Redactor {
  const isSecretName = createSecretNames(extraNames);

  const redactSecret = (text: string): Redacted | undefined =>
    text === "" || text === REDACTED ? undefined : { value: REDACTED, places: 1 };

  function redactValue(value: unknown, isSecret: boolean): Redacted | undefined {
    if (typeof value === "string") return isSecret ? redactSecret(value) : redactText(value);
    if (typeof value !== "object" || value === null) return undefined;
    return Array.isArray(value) ? redactItems(value, isSecret) : redactMembers(value as JsonObject, isSecret);
  }

  function redactItems(items: readonly unknown[], isSecret: boolean): Redacted | undefined {
    const parts = items.map((item) => redactValue(item, isSecret));
    const places = placesOf(parts);
    return places === 0 ? undefined : { value: items.map((item, n) => parts[n]?.value ?? item), places };
  }

  function redactMembers(object: JsonObject, isSecret: boolean): Redacted<JsonObject> | undefined {
    const members = Object.entries(object);
    const parts = members.map(([name, value]) => redactValue(value, isSecret || isSecretName(name)));
    const places = placesOf(parts);
    if (places === 0) return undefined;
    return { value: Object.fromEntries(members.map(([name, value], n) => [name, parts[n]?.value ?? value])), places };
  }

  return (details) => redactMembers(details, false) ?? keepDetails(details);
}
