import { expect, test } from "vitest";
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
  "mend(s|ed|ing)?",
  "overtaken",
  "adrift",
  "anew",
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

const texts = files.filter((file) => /\.(ts|tsx|mjs|md|json|ya?ml|sql|sh|prisma)$|^\.(ci|env)/.test(file));
const uses = texts
  .filter((file) => !exempt.some((pattern) => pattern.test(file)))
  .flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, at) => (line.match(BANNED) ?? []).map((word) => `${file}:${at + 1} ${word}`)),
  );

test("no source, test or document uses a banned word", () => {
  expect(uses).toEqual([]);
});
