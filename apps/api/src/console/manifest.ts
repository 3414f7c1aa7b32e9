import type { Language } from "@jifen/contract";
import { z } from "zod";

/** What Vite records of one source file or chunk in `manifest.json`. */
const zChunk = z.object({
  file: z.string(),
  name: z.string().optional(),
  isEntry: z.boolean().default(false),
  /** Keys of the chunks that this one imports before it runs. */
  imports: z.array(z.string()).default([]),
  /** Keys of the chunks that this one may import later. */
  dynamicImports: z.array(z.string()).default([]),
});

/** The chunks by the path of their source, or by a name when several sources share one. */
export const zManifest = z.record(z.string(), zChunk);

/** Vite's manifest of the console. */
export type Manifest = z.output<typeof zManifest>;

/** The two areas of pages: operators' and users'. */
export const areas = ["console", "account"] as const;

/** An area of pages. */
export type Area = (typeof areas)[number];

/**
 * The scripts that every page of an area needs, besides those of the entry, which `index.html` names itself: the chunks in
 * `src/{area}/` with all that they import, and the texts that all pages share. A browser that is not told of them finds each
 * only in the one before.
 */
export function areaScripts(manifest: Manifest, area: Area, language: Language): readonly string[] {
  const keys = Object.keys(manifest);
  const entries = keys.filter((key) => manifest[key]?.isEntry);
  const loadedLater = entries.flatMap((key) => manifest[key]?.dynamicImports ?? []);
  const texts = keys.filter((key) => manifest[key]?.name === `words-${language}`);
  const named = withImports(manifest, entries);
  const needed = withImports(manifest, [...loadedLater.filter(isDirectlyIn(`src/${area}`)), ...texts]);
  return [...needed].filter((key) => !named.has(key)).flatMap((key) => manifest[key]?.file ?? []);
}

const isDirectlyIn =
  (folder: string) =>
  (path: string): boolean =>
    path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes("/");

/** These chunks and all that they import, directly or not. */
function withImports(manifest: Manifest, keys: readonly string[], found = new Set<string>()): ReadonlySet<string> {
  for (const key of keys) {
    if (found.has(key)) continue;
    found.add(key);
    withImports(manifest, manifest[key]?.imports ?? [], found);
  }
  return found;
}
