import type { Redacted } from "./redacted.ts";

/** Replaces the matches that have a replacement; undefined when none has. */
export function replaceMatches(
  text: string,
  pattern: RegExp,
  toReplacement: (groups: Readonly<Record<string, string | undefined>>) => string | undefined,
): Redacted<string> | undefined {
  // Most texts have no match, and then this is much faster than `matchAll`.
  if (text.search(pattern) < 0) return undefined;
  let [value, position, places] = ["", 0, 0];
  for (const match of text.matchAll(pattern)) {
    const replacement = toReplacement(match.groups ?? {});
    if (replacement === undefined) continue;
    value += text.slice(position, match.index) + replacement;
    position = match.index + match[0].length;
    places += 1;
  }
  return places === 0 ? undefined : { value: value + text.slice(position), places };
}
