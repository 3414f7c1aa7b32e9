import { bilingual, type FieldIssue } from "@jifen/contract";
import type { SuperJSONResult } from "superjson";
import { RefusalError } from "../http/refusal-error.ts";

/**
 * Reads the superjson input of a typed client. Inputs are plain JSON; the only annotation that is allowed marks fields
 * as undefined. superjson's own deserializer builds whatever the annotations describe before any validation: arrays of
 * gigabytes, cyclic lists, one object in a thousand places.
 * @throws RefusalError VALIDATION_FAILED, which names the fields that are not JSON
 */
export function readTrpcInput({ json, meta }: SuperJSONResult): unknown {
  const annotations: unknown = meta?.values;
  if (annotations === undefined) return json;
  if (isUndefined(annotations)) return undefined;
  if (typeof annotations !== "object" || annotations === null || Array.isArray(annotations)) throw notJson([""]);
  const others = Object.entries(annotations).filter(([, annotation]) => !isUndefined(annotation));
  if (others.length > 0) throw notJson(others.map(([path]) => path));
  for (const path of Object.keys(annotations)) removeField(json, path);
  return json;
}

const isUndefined = (annotation: unknown): boolean =>
  Array.isArray(annotation) && annotation.length === 1 && annotation[0] === "undefined";

/** Removes a field. A list element stays: it is null there, as in any JSON. */
function removeField(json: unknown, path: string): void {
  // In superjson's paths a dot or backslash that is part of a name is escaped with a backslash.
  const names = [...path.matchAll(/(?:\\.|[^\\.])+/g)].map(([name]) => name.replaceAll(/\\(.)/g, "$1"));
  const last = names.pop();
  let owner = json;
  for (const name of names) {
    if (!isOwner(owner, name)) return;
    owner = owner[name];
  }
  if (last !== undefined && isOwner(owner, last) && !Array.isArray(owner)) delete owner[last];
}

const isOwner = (value: unknown, name: string): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name);

/** How many fields an error names at most. */
const MAX_ISSUES = 20;
const message = bilingual({
  zh: "必须是 JSON 值（文本、数字、true、false、null、列表或对象）",
  en: "must be JSON: text, a number, true, false, null, a list or an object",
});

const notJson = (paths: readonly string[]): RefusalError => {
  const issues = paths.slice(0, MAX_ISSUES).map((path): FieldIssue => ({ path, message }));
  return new RefusalError({ code: "VALIDATION_FAILED", issues });
};
