import { describe, expect, test } from "vitest";
import { files, read } from "./sources.ts";

const decisions = files.filter((file) => /^docs\/decisions\/\d{4}-.*\.md$/.test(file));
const headings = ["## Context", "## Decision", "## Alternatives", "## Consequences"];

describe("decisions", () => {
  test.each(decisions)("%s has a numbered title and the four common headings", (file) => {
    const number = file.split("/").at(-1)?.slice(0, 4);
    expect(read(file)).toMatch(new RegExp(`^# ${number}: .+\n`));
    expect(read(file).match(/^## .*$/gm)).toEqual(headings);
  });

  test("are all listed in the index, each with its title", () => {
    const index = read("docs/decisions/README.md");
    const missing = decisions.filter((file) => {
      const [name = "", title = ""] = [file.split("/").at(-1), /^# \d{4}: (.+)$/m.exec(read(file))?.[1]];
      return !index.includes(`(${name})`) || !index.includes(title);
    });
    expect(missing).toEqual([]);
  });
});
