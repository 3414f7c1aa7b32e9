import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const manifest = JSON.parse(read("../package.json")) as { exports: Record<string, { "@jifen/source"?: string }> };
const subpaths = Object.entries(manifest.exports).filter(([path]) => path !== "." && path !== "./package.json");

/** The run-time imports of a source file and of the files of this package that it imports, without those files. */
function importsOf(path: string): readonly string[] {
  const statements = read(path).match(/^(import|export [*{].* from)\b.*$/gm) ?? [];
  return statements
    .filter((statement) => !/^(import|export) type\b/.test(statement))
    .flatMap((statement) => {
      const own = /"\.\/([\w-]+\.ts)"/.exec(statement)?.[1];
      return own === undefined ? [statement] : importsOf(`./${own}`);
    });
}

// The client, which browsers load, imports values only from these: zod must not come with them.
test.each(subpaths)("the subpath export %s has no run-time imports", (_path, { "@jifen/source": source = "" }) => {
  expect(importsOf(`../${source}`)).toEqual([]);
});

test("the contract has the subpath exports that the client uses", () => {
  expect(subpaths.map(([path]) => path)).toEqual(["./language", "./refusals"]);
});
