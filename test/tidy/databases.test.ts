import { describe, expect, test } from "vitest";
import { promiseIds } from "../../packages/testkit/src/promise.ts";
import { kinds, type Proof, promises } from "../../scripts/verify-db/promises.ts";
import { files, read, sources } from "./sources.ts";

const proofs = promises.flatMap(({ id, proofs: byKind }) =>
  kinds.flatMap((kind) => {
    const proof = byKind[kind];
    return proof ? [{ id, kind, file: proof.file }] : [];
  }),
);

/** `promise("id", "kind")`, or `promise("id", kind)` in a suite for several kinds, in a test file or a suite it imports. */
const declares = (file: string, id: string, kind: string): boolean => {
  const suite = [...read(file).matchAll(/from "\.\/([\w-]+-suite\.ts)"/g)].map(([, name]) =>
    file.replace(/[^/]+$/, name ?? ""),
  );
  return [file, ...suite].some((each) =>
    [`"${kind}"`, "kind"].some((of) => read(each).includes(`promise("${id}", ${of})`)),
  );
};

describe("the promises about databases", () => {
  test("every promise id has one text", () => {
    expect(promises.map(({ id }) => id)).toEqual(promiseIds);
  });

  test.each(proofs)("the promise $id is proved on $kind by a test in $file", ({ id, kind, file }) => {
    expect(files).toContain(file);
    expect([file, declares(file, id, kind)]).toEqual([file, true]);
  });

  test("every test with a promise is in a file that verify:db runs", () => {
    const listed = new Set(proofs.map(({ file }) => file));
    const tests = sources.filter((file) => file.endsWith(".test.ts") && !file.startsWith("test/tidy/"));
    const declaring = tests.filter((file) => /\bpromise\("/.test(read(file)));
    expect(declaring.filter((file) => !listed.has(file))).toEqual([]);
  });

  test("docs/databases.md has every promise with the files that prove it", () => {
    const rows = read("docs/databases.md")
      .split("\n")
      .filter((line) => line.startsWith("| ") && line.includes("<br>"))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    const expected = promises.map(({ en, zh, proofs: byKind }) => [
      `${en}<br>${zh}`,
      ...kinds.map((kind) => cellOf(byKind[kind])),
    ]);
    expect(rows.map((cells) => cells.slice(1, -1))).toEqual(expected);
  });
});

/** The link to a proof; a dash without one. */
function cellOf(proof: Proof | undefined): string {
  if (!proof) return "–";
  return `[${(proof.file.split("/").at(-1) ?? "").replace(".test.ts", "")}](../${proof.file})`;
}

describe("the suites that the default run has on some databases", () => {
  const suites = sources.filter(
    (file) => /^apps\/api\/test\/.*\.test\.ts$/.test(file) && /\b(apiSurface|aboveDatabase)Kinds\b/.test(read(file)),
  );

  test.each(suites)(
    "the title of the suite in %s ends with its database, by which scripts/test-slow.ts selects it",
    (file) => {
      expect(read(file)).toMatch(/ on (\$\{kind\}[`,]|%s",)/);
    },
  );
});
