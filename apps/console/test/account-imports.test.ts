import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

/** The files that a file of the sources imports, types and lazily loaded ones included. */
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, path = ""]) =>
    normalize(join(dirname(file), path)),
  );

/** The files that are loaded with these, in any number of steps. */
function reachable(files: readonly string[], next: (file: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    next(file).forEach(visit);
  };
  files.forEach(visit);
  return found;
}

type Chunk = { readonly src?: string; readonly imports?: readonly string[] };

describe("the code of the account pages", () => {
  test("users load no code of the operator's pages: no account page imports it, directly or through other files", () => {
    const pages = globSync("src/account/**/*.{ts,tsx}", { cwd: root });
    const loaded = reachable(pages, (file) => (/\.tsx?$/.test(file) ? importsOf(file) : []));
    expect([...loaded].filter((file) => file.startsWith("src/console/"))).toEqual([]);
  });

  test("in the build, no chunk of the operator's pages is among those that an account page loads", () => {
    const manifest: Readonly<Record<string, Chunk>> = JSON.parse(
      readFileSync(join(root, "dist/manifest.json"), "utf8"),
    );
    const pages = Object.keys(manifest).filter((name) => name.startsWith("src/account/"));
    expect(pages.length).toBeGreaterThan(5);
    const loaded = reachable(pages, (name) => manifest[name]?.imports ?? []);
    expect([...loaded].filter((name) => name.startsWith("src/console/"))).toEqual([]);
  });
});
