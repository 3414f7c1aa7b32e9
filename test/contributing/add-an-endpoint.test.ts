import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { read, root } from "../tidy/sources.ts";
import { applyEdits, readSteps } from "./recipe.ts";

const steps = readSteps(read("docs/add-an-endpoint.md"));
const recipe = /^## Add an endpoint\n(?<recipe>.*?)^## /ms.exec(read("CONTRIBUTING.md"))?.groups?.["recipe"] ?? "";

describe("the recipe for an endpoint", () => {
  const copy = mkdtempSync(join(tmpdir(), "jifen-recipe-"));
  afterAll(() => rmSync(copy, { recursive: true }));

  test("CONTRIBUTING has the steps of the page with code, and names the files that they change", () => {
    expect(recipe).toContain("](docs/add-an-endpoint.md)");
    expect(steps.map(({ title }) => title)).toEqual(["Declare", "Implement", "List", "Test", "Show", "Write"]);
    for (const { title, edits } of steps) {
      expect(recipe).toMatch(new RegExp(`^\\d\\. \\*\\*${title}\\*\\*`, "m"));
      for (const { file } of edits) expect(recipe).toContain(file.split("/").at(-1));
    }
  });

  test.each(steps)("the code of the step $title fits to the sources of today", (step) => {
    for (const { file, isDiff } of step.edits) {
      expect(existsSync(join(root, file)), file).toBe(isDiff);
      if (isDiff && !existsSync(join(copy, file))) cpSync(join(root, file), join(copy, file));
    }
    applyEdits(step, copy);
    for (const { file } of step.edits) expect(readFileSync(join(copy, file), "utf8")).toContain("afford");
  });
});
