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

describe("tables at version 3", () => {
  test.each([
    { newest: 3, more: [], is: "current", says: "are those of the Jifen that knows 3" },
    { newest: 4, more: [], is: "older", says: "are older than those of one that knows 4" },
    { newest: 3, more: ["expand-notes"], is: "expanded", says: "and one that only adds are fine for it" },
    { newest: 3, more: ["expand-a", "expand-b"], is: "expanded", says: "and two that only add as well" },
    { newest: 3, more: ["expand-a", "contract-a"], is: "newer", says: "and one that takes away are not" },
    { newest: 3, more: ["not-expand-a"], is: "newer", says: "and one that does not say so are not" },
  ] as const)("$says", ({ newest, more, is }) => {
    const applied = [...three, ...more.map((name, at) => ({ version: 4 + at, name }))];
    expect(schemaStateOf(newest, applied)).toEqual({ present: 3 + more.length, newest, is });
  });

  test("with the mark of an import are opened by an import alone, and only by the same Jifen", () => {
    const state = schemaStateOf(3, [...three, IMPORT_MARK]);
    expect(state).toEqual({ present: 3, newest: 3, is: "importing" });
    expect(() => checkSchema(state, "check")).toThrow(ImportUnfinished);
    expect(() => checkSchema(state, "migrate")).toThrow(ImportUnfinished);
    expect(() => checkSchema(state, "import")).not.toThrow();
    expect(() => checkSchema(schemaStateOf(4, [...three, IMPORT_MARK]), "import")).toThrow(ImportUnfinished);
  });
});

test("no tables are older than any", () => {
  expect(schemaStateOf(3, [])).toEqual({ present: 0, newest: 3, is: "older" });
  expect(() => checkSchema(schemaStateOf(3, []), "check")).toThrow(SchemaTooOld);
});

test("a migration without a name is none that only adds", () => {
  const state = schemaStateOf(3, [...three, { version: 4, name: null }]);
  expect(() => checkSchema(state, "migrate")).toThrow(SchemaTooNew);
});
