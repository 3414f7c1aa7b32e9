import { describe, expect, test } from "vitest";
import { files, read } from "./sources.ts";

/** Words that no source, test or document uses; docs/writing-guide.md says what to write. */
const banned = [
  "whoever",
  "whomever",
  "somebody",
  "nobody",
  "anybody",
  "is told",
  "as of one moment",
  "the like",
  "goes on",
  "(?<!separated )by commas",
];
const BANNED = new RegExp(`\\b(${banned.join("|")})\\b`, "gi");

/**
 * Not checked: files that name the words in order to ban them, generated pages (their sources are checked), and SQL
 * migrations, which never change after they have run somewhere.
 */
const exempt = [
  /^test\/tidy\/words\.test\.ts$/,
  /^docs\/writing-guide\.md$/,
  /^docs\/(zh-CN\/)?(api|cli|configuration|errors)\.md$/,
  /^packages\/database\/migrations\//,
  /^pnpm-lock\.yaml$/,
];

/** How many uses a folder still has. Only ever lowered. */
const allowances: Readonly<Record<string, number>> = {
  "apps/api/src": 8,
  "packages/database/test": 44,
  "packages/testkit/src": 1,
};

const texts = files.filter((file) => /\.(ts|tsx|mjs|md|json|ya?ml|sql|sh|prisma)$|^\.(ci|env)/.test(file));
const folderOf = (file: string): string =>
  file
    .split("/")
    .slice(0, /^(apps|packages)\//.test(file) ? 3 : 1)
    .join("/");

const uses = texts
  .filter((file) => !exempt.some((pattern) => pattern.test(file)))
  .flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, at) => (line.match(BANNED) ?? []).map((word) => `${file}:${at + 1} ${word}`)),
  );

const byFolder = Object.groupBy(uses, (use) => folderOf(use.split(":")[0] ?? ""));

describe("banned words", () => {
  test.each(Object.keys(byFolder))("%s has no more of them than its allowance", (folder) => {
    const found = byFolder[folder] ?? [];
    expect(found.length > (allowances[folder] ?? 0) ? found : []).toEqual([]);
  });
});
