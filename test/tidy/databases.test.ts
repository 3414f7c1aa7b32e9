import { describe, expect, test } from "vitest";
import { type Kind, promises } from "../../scripts/verify-db/promises.ts";
import { read } from "./sources.ts";

const shown = promises.flatMap(({ en, proofs }) =>
  Object.entries(proofs).map(([kind, proof]) => ({ en, kind: kind as Kind, ...proof })),
);

describe("what a database promises", () => {
  test.each(shown)("is shown by a test that exists: $en, on $kind", ({ kind, file, titles }) => {
    const source = read(file);
    for (const title of titles) {
      const written = [title, title.replace(kind, `\${kind}`), title.replace(kind, "%s")];
      expect([title, written.some((each) => source.includes(`"${each}"`) || source.includes(`\`${each}\``))]).toEqual([
        title,
        true,
      ]);
    }
  });

  test("is in docs/databases.md, row by row, with the file that shows it", () => {
    const rows = read("docs/databases.md")
      .split("\n")
      .filter((line) => line.startsWith("| ") && line.includes("<br>"))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    const expected = promises.map(({ en, zh, proofs }) => [
      `${en}<br>${zh}`,
      ...(["sqlite", "postgresql", "mysql", "mongodb"] as const).map((kind) => cellOf(proofs[kind])),
    ]);
    expect(rows.map((cells) => cells.slice(1, -1))).toEqual(expected);
  });
});

/** Where the proof is, or that there is none. */
function cellOf(proof: { readonly file: string; readonly titles: readonly string[] } | undefined): string {
  if (!proof) return "–";
  return `[${(proof.file.split("/").at(-1) ?? "").replace(".test.ts", "")}](../${proof.file})`;
}
