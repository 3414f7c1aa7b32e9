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

/** `JSON.parse` makes a member of this name, but assigning it would change the prototype: libraries drop it silently. */
const RESERVED = "__proto__";

/** The path of a member with the reserved name; undefined when there is none. */
function findReserved(value: unknown): readonly string[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, each] of Object.entries(value)) {
    if (name === RESERVED) return [name];
    const path = findReserved(each);
    if (path) return [name, ...path];
  }
  return undefined;
}

const reservedName = bilingual({ zh: "是保留的字段名，请改名", en: "is a reserved name; rename the field" });

/** UTF-8 bytes of the value as JSON, counted without a buffer (this code runs in browsers too). */
const jsonBytes = (value: JsonObject): number => new TextEncoder().encode(JSON.stringify(value)).length;

/**
 * A JSON object of at most `maxBytes`, nested at most 32 deep, without members named `__proto__`.
 * @param reserved a name that the object itself cannot have as a member
 */
export function zJsonObject(maxBytes: number, reserved?: string) {
  const rule = {
    zh: `必须是 JSON 对象，最多 ${maxBytes} 字节、${MAX_DEPTH} 层嵌套；超过 2^53 的整数请用文本`,
    en: `must be a JSON object of at most ${maxBytes} bytes, nested at most ${MAX_DEPTH} deep; send integers beyond 2^53 as text`,
  };
  const zChecked = z.unknown().superRefine((value, issue) => {
    if (!isPlainObject(value) || !isJson(value) || jsonBytes(value) > maxBytes) {
      issue.addIssue({ code: "custom", message: bilingual(rule) });
      return;
    }
    const path = reserved !== undefined && Object.hasOwn(value, reserved) ? [reserved] : findReserved(value);
    if (path) issue.addIssue({ code: "custom", path: [...path], message: reservedName });
  }) as z.ZodType<JsonObject, JsonObject>;
  return zChecked.meta({ override: { type: "object", additionalProperties: true, description: rule.en } });
}
