import { describe, expect, test } from "vitest";
import {
  checkSchema,
  IMPORT_MARK,
  ImportUnfinished,
  SchemaTooNew,
  SchemaTooOld,
  schemaStateOf,
} from "./schema-state.ts";

const ran = (...names: readonly string[]) => names.map((name, at) => ({ version: at + 1, name }));
const three = ran("first-tables", "identity", "counters");

describe("schemaStateOf", () => {
  test.each([
    { newest: 3, more: [], is: "current", says: "a schema at the newest version" },
    { newest: 4, more: [], is: "older", says: "a schema below the newest version" },
    { newest: 3, more: ["expand-notes"], is: "expanded", says: "an unknown migration that only adds" },
    { newest: 3, more: ["expand-a", "expand-b"], is: "expanded", says: "two unknown migrations that only add" },
    { newest: 3, more: ["expand-a", "contract-a"], is: "newer", says: "an unknown migration that removes" },
    { newest: 3, more: ["not-expand-a"], is: "newer", says: "an unknown migration without the prefix expand-" },
  ] as const)("reports $says as $is", ({ newest, more, is }) => {
    const applied = [...three, ...more.map((name, at) => ({ version: 4 + at, name }))];
    expect(schemaStateOf(newest, applied)).toEqual({ present: 3 + more.length, newest, is });
  });

  test("a database with an unfinished import is only opened by an import of the same version", () => {
    const state = schemaStateOf(3, [...three, IMPORT_MARK]);
    expect(state).toEqual({ present: 3, newest: 3, is: "importing" });
    expect(() => checkSchema(state, "check")).toThrow(ImportUnfinished);
    expect(() => checkSchema(state, "migrate")).toThrow(ImportUnfinished);
    expect(() => checkSchema(state, "import")).not.toThrow();
    expect(() => checkSchema(schemaStateOf(4, [...three, IMPORT_MARK]), "import")).toThrow(ImportUnfinished);
  });
});

test("a database without tables is older than any version", () => {
  expect(schemaStateOf(3, [])).toEqual({ present: 0, newest: 3, is: "older" });
  expect(() => checkSchema(schemaStateOf(3, []), "check")).toThrow(SchemaTooOld);
});

test("a migration without a name does not count as one that only adds", () => {
  const state = schemaStateOf(3, [...three, { version: 4, name: null }]);
  expect(() => checkSchema(state, "migrate")).toThrow(SchemaTooNew);
});
