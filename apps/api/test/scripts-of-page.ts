import type { Manifest } from "../src/console/manifest.ts";

/** The files of all scripts that a page needs in one language: those of the entry, of `keys`, and the shared texts. */
export function scriptsOfPage(manifest: Manifest, keys: readonly string[]): readonly string[] {
  const missing = keys.filter((key) => manifest[key] === undefined);
  if (missing.length > 0) throw new Error(`The build has no ${missing.join(", ")}.`);
  const named = Object.keys(manifest).filter((key) => manifest[key]?.isEntry || manifest[key]?.name === "words-zh");
  const found = new Set<string>();
  const visit = (key: string): void => {
    if (found.has(key)) return;
    found.add(key);
    for (const each of manifest[key]?.imports ?? []) visit(each);
  };
  for (const key of [...named, ...keys]) visit(key);
  return [...found].flatMap((key) => manifest[key]?.file ?? []);
}
