import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const manifest = JSON.parse(read("../package.json")) as { exports: Record<string, { "@jifen/source"?: string }> };
const subpaths = Object.entries(manifest.exports).filter(([path]) => path !== "." && path !== "./package.json");

// The client, which browsers load, imports values only from these: zod must not come with them.
test.each(subpaths)("the subpath export %s has no run-time imports", (_path, { "@jifen/source": source = "" }) => {
  const statements = read(`../${source}`).match(/^(import|export [*{].* from)\b.*$/gm) ?? [];
  expect(statements.filter((statement) => !/^(import|export) type\b/.test(statement))).toEqual([]);
});

test("the contract has the subpath exports that the client uses", () => {
  expect(subpaths.map(([path]) => path)).toEqual(["./language", "./refusals"]);
});
