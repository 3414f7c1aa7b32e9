/** Fields of a form, decoded once. */
export type Fields = Readonly<Record<string, string>>;

/** Reads a form, as a query or as a body; undefined when a field stands twice, so that no two readers see another value. */
export function readFields(text: string): Fields | undefined {
  const pairs = [...new URLSearchParams(text)];
  const fields = Object.fromEntries(pairs);
  return Object.keys(fields).length === pairs.length ? fields : undefined;
}
