import { dirname, join, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { packages, read, sources } from "./sources.ts";

type ImportsOf = (file: string) => readonly string[];

/** Relative imports and re-exports of a file, types included, as paths from the top folder. */
const relativeImports: ImportsOf = (file) => {
  const statements = read(file).matchAll(/^(?:import|export)\s(?:[^"';]*?\sfrom\s+)?"(\.[^"]+)"/gm);
  const dynamic = read(file).matchAll(/\bimport\("(\.[^"]+)"\)/g);
  return [...statements, ...dynamic].map(([, from = ""]) => join(dirname(file), from).replaceAll(sep, "/"));
};

/** The circles that a depth-first search from every file meets, each as the files along it. */
function circlesIn(files: readonly string[], importsOf: ImportsOf): readonly string[] {
  const known = new Set(files);
  const finished = new Set<string>();
  const path: string[] = [];
  const circles: string[] = [];
  const visit = (file: string): void => {
    const start = path.indexOf(file);
    if (start >= 0) circles.push([...path.slice(start), file].join(" -> "));
    if (start >= 0 || finished.has(file)) return;
    path.push(file);
    for (const imported of importsOf(file)) if (known.has(imported)) visit(imported);
    path.pop();
    finished.add(file);
  };
  for (const file of files) visit(file);
  return circles;
}

describe("import circles", () => {
  test.each(packages)("%s has no files that import each other in a circle, types included", (folder) => {
    expect(
      circlesIn(
        sources.filter((file) => file.startsWith(`${folder}/src/`)),
        relativeImports,
      ),
    ).toEqual([]);
  });

  test("the search finds a circle of three files and ignores shared imports", () => {
    const table: Readonly<Record<string, readonly string[]>> = { a: ["b", "d"], b: ["c", "d"], c: ["a"], d: [] };
    expect(circlesIn(Object.keys(table), (file) => table[file] ?? [])).toEqual(["a -> b -> c -> a"]);
  });

  test("the search reads imports that only bring types", () => {
    expect(relativeImports("apps/api/src/server.ts")).toContain("apps/api/src/http/env.ts");
  });
});
