import { z } from "zod";
import { bilingual } from "./language.ts";

/** Any JSON object. */
export type JsonObject = { [key: string]: unknown };

/** The maximum nesting. Recursive parsers of consumers fail at some depth. */
const MAX_DEPTH = 32;

const isPlainObject = (value: unknown): value is JsonObject =>
  typeof value === "object" &&
  value !== null &&
  (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);

/** An integer beyond 2^53 has already lost digits after parsing, so it could not be returned unchanged. */
const isExact = (value: unknown): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === "string" || typeof value === "boolean" || isExact(value);

/**
 * Whether a value is plain JSON (no dates, maps, bigints, infinities), checked without recursion. A repeated object is
 * refused: JSON text cannot express it, and traversing a cycle would never end.
 */
function isJson(value: unknown): boolean {
  const seen = new Set<unknown>();
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return false;
    const containers = level.filter((each) => !isScalar(each));
    if (!containers.every((each) => Array.isArray(each) || isPlainObject(each))) return false;
    for (const each of containers) {
      if (seen.has(each)) return false;
      seen.add(each);
    }
    level = containers.flatMap((each) => Object.values(each as object));
  }
  return true;
}

/** UTF-8 bytes of the value as JSON, counted without a buffer (this code runs in browsers too). */
const jsonBytes = (value: JsonObject): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** A JSON object of at most `maxBytes`, nested at most 32 deep. */
export function zJsonObject(maxBytes: number) {
  const rule = {
    zh: `必须是 JSON 对象，最多 ${maxBytes} 字节、${MAX_DEPTH} 层嵌套；超过 2^53 的整数请用文本`,
    en: `must be a JSON object of at most ${maxBytes} bytes, nested at most ${MAX_DEPTH} deep; send integers beyond 2^53 as text`,
  };
  return z
    .custom<JsonObject>((value) => isPlainObject(value) && isJson(value) && jsonBytes(value) <= maxBytes, {
      error: bilingual(rule),
    })
    .meta({ override: { type: "object", additionalProperties: true, description: rule.en } });
}
