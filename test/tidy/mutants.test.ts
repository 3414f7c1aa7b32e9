import { describe, expect, test } from "vitest";
import { applyEdits } from "../../torture/src/mutants/apply.ts";
import { mutants } from "../../torture/src/mutants/mutants.ts";
import { read } from "./sources.ts";

describe("mutants", () => {
  test("the ids of the mutants are unique and in kebab case", () => {
    const ids = mutants.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
  });

  test.each(mutants)("the mutant $id applies to today's sources", ({ edits }) => {
    for (const [file, own] of Map.groupBy(edits, (edit) => edit.file)) {
      const source = read(file);
      expect(applyEdits(source, own)).not.toBe(applyEdits(source, []));
    }
  });

  test("an edit applies whatever the formatting and the comments are", () => {
    const source =
      "const post = (a: number) => {\n  // why\n  if (a > 1) /* never */\n    return a;\n  return 0;\n};\n";
    const edit = {
      file: "x.ts",
      within: "post",
      pattern: "if (a > $N) return a;",
      replacement: "if (a > $N + 1) return a;",
    };
    expect(applyEdits(source, [edit])).toContain("if (a > 1 + 1) return a;");
  });

  test.each([
    { says: "no place matches", edit: { within: "post", pattern: "a > 2" } },
    { says: "two places match", edit: { within: "post", pattern: "a" } },
    { says: "the scope does not exist", edit: { within: "other", pattern: "a > 1" } },
    { says: "the replacement is the same", edit: { within: "post", pattern: "a > 1", replacement: "a > 1" } },
  ])("an edit is refused when $says", ({ edit }) => {
    const source = "const post = (a: number) => a > 1;";
    expect(() => applyEdits(source, [{ file: "x.ts", replacement: "true", ...edit }])).toThrow();
  });
});
