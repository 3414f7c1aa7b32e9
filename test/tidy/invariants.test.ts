import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { differenceKinds } from "../../packages/ledger/src/audit/difference.ts";
import { read, root, sources } from "./sources.ts";

const page = read("docs/invariants.md");
const numbers = Array.from({ length: 16 }, (_, at) => `M${at + 1}`);

describe("docs/invariants.md", () => {
  test("defines M1 to M16, once each", () => {
    expect([...page.matchAll(/^## (M\d+):/gm)].map(([, number]) => number)).toEqual(numbers);
    expect([...page.matchAll(/^\| \[(M\d+)\]\(#/gm)].map(([, number]) => number)).toEqual(numbers);
  });

  test("every invariant that a source cites is defined", () => {
    const cited = sources.flatMap((file) =>
      [...read(file).matchAll(/\bM(\d{1,2})\b(?=:|\)| \$|,)/g)].map(([, n]) => `M${n}`),
    );
    expect(cited.filter((number) => !numbers.includes(number))).toEqual([]);
  });

  test("every file that an invariant names exists", () => {
    const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = ""]) => path);
    expect(links.filter((path) => !existsSync(join(root, "docs", path)))).toEqual([]);
  });

  test("every difference of the audit is at the invariant that it breaks", () => {
    for (const [kind, text] of Object.entries(differenceKinds)) {
      const [number = ""] = text.split(":");
      const section = page.split(/^## /m).find((each) => each.startsWith(`${number}:`)) ?? "";
      expect([kind, section.includes(`\`${kind}\``)]).toEqual([kind, true]);
    }
  });
});
