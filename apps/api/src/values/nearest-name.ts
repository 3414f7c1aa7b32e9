import leven from "leven";

/** How many letters may differ: more, and the suggestion is a guess. Two letters that changed places count as two. */
const maxDistanceOf = (length: number) => Math.min(3, 1 + Math.floor((length + 1) / 4));

/** Lower case without separators: `ssl-Mode` and `SSL_MODE` are one name. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_.]/g, "");

/** The known name that was probably meant: the one that differs from the word in the fewest letters; undefined when none is near. */
export function nearestName(word: string, known: Iterable<string>): string | undefined {
  const typed = plain(word);
  const [nearest] = [...known]
    .map((name) => ({ name, distance: leven(typed, plain(name)) }))
    .filter(({ name, distance }) => distance <= maxDistanceOf(Math.min(typed.length, plain(name).length)))
    .toSorted((one, other) => one.distance - other.distance);
  return nearest?.name;
}
