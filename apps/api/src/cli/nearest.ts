import { closestMatch } from "leven";
import { nearestName } from "../values/nearest-name.ts";

/** A shorter word is part of too many names. */
const MIN_PART_LENGTH = 3;

const isPart = (one: string, other: string) =>
  one.length >= MIN_PART_LENGTH && (other.startsWith(one) || other.endsWith(one));

/** The name that was probably meant: one that begins or ends with the word or the other way round, or differs in few letters. */
export function nearestOf(word: string, names: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const related = names.filter((name) => isPart(typed, name) || isPart(name, typed));
  return related.length > 0 ? closestMatch(typed, related) : nearestName(word, names);
}
