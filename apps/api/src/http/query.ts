import { bilingual, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";

/** Query parameters, decoded, by name. */
export type Query = Readonly<Record<string, string>>;

const repeated = bilingual({ zh: "只能出现一次", en: "must not be repeated" });
const notUtf8 = bilingual({ zh: "百分号编码的内容必须是 UTF-8", en: "must be UTF-8 in percent-encoding" });

/** What decoders write for bytes that are not UTF-8. */
const REPLACEMENT = "\ufffd";
const ENCODED_REPLACEMENT = /%EF%BF%BD/i;

/**
 * Reads a query string, which is empty or begins with a question mark.
 * Refuses parameters that are repeated, or damaged by decoding: VALIDATION_FAILED.
 */
export function readQuery(search: string): Outcome<Query, Refusal<"VALIDATION_FAILED">> {
  const parameters = new URLSearchParams(search);
  const [once, twice] = [new Set<string>(), new Set<string>()];
  for (const name of parameters.keys()) (once.has(name) ? twice : once).add(name);
  if (twice.size > 0) return invalid([...twice], repeated);
  const damaged = search.includes("%") ? search.slice(1).split("&").filter(isDamaged) : [];
  if (damaged.length > 0) return invalid(damaged.map(nameOf), notUtf8);
  return ok(Object.fromEntries(parameters));
}

/** Whether decoding a part `name=value` replaces bytes. */
const isDamaged = (part: string): boolean =>
  part.includes("%") &&
  !ENCODED_REPLACEMENT.test(part) &&
  [...new URLSearchParams(part)].flat().join().includes(REPLACEMENT);

const nameOf = (part: string): string => [...new URLSearchParams(part).keys()][0] ?? "";

const invalid = (paths: readonly string[], message: string) =>
  refuse<Refusal<"VALIDATION_FAILED">>({
    code: "VALIDATION_FAILED",
    issues: paths.map((path) => ({ path, message })),
  });
