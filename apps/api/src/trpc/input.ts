import { bilingual, type FieldIssue } from "@jifen/contract";
import type { SuperJSONResult } from "superjson";
import { RefusalError } from "../http/refusal-error.ts";

/**
 * What a typed client sends, out of superjson. Every input is plain JSON, but for fields that are there and undefined;
 * superjson itself would make whatever it is told, before anybody has looked at it: arrays of gigabytes, endless lists,
 * one object in a thousand places.
 * @throws RefusalError VALIDATION_FAILED naming what is no JSON
 */
export function readTrpcInput({ json, meta }: SuperJSONResult): unknown {
  const notes: unknown = meta?.values;
  if (notes === undefined) return json;
  if (isUndefined(notes)) return undefined;
  if (typeof notes !== "object" || notes === null || Array.isArray(notes)) throw refusal([""]);
  const others = Object.entries(notes).filter(([, note]) => !isUndefined(note));
  if (others.length > 0) throw refusal(others.map(([path]) => path));
  for (const path of Object.keys(notes)) leaveOut(json, path);
  return json;
}

const isUndefined = (note: unknown): boolean => Array.isArray(note) && note.length === 1 && note[0] === "undefined";

/** Takes a field away. In a list there is nothing to take away: it has null there, as JSON always has. */
function leaveOut(json: unknown, path: string): void {
  // A dot that belongs to a name has a backslash before it, and so has a backslash.
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

/** More than this nobody reads. */
const MAX_ISSUES = 20;
const message = bilingual({
  zh: "必须是 JSON 值（文本、数字、true、false、null、列表或对象）",
  en: "must be JSON: text, a number, true, false, null, a list or an object",
});

const refusal = (paths: readonly string[]): RefusalError => {
  const issues = paths.slice(0, MAX_ISSUES).map((path): FieldIssue => ({ path, message }));
  return new RefusalError({ code: "VALIDATION_FAILED", issues });
};
