import { expect, test } from "vitest";
import { languageOf } from "./language.ts";

test.each([
  { words: [], env: {}, is: "en" },
  { words: [], env: { LANG: "C.UTF-8" }, is: "en" },
  { words: [], env: { LANG: "zh_CN.UTF-8" }, is: "zh" },
  { words: [], env: { LANG: "zh_CN.UTF-8", LC_ALL: "en_US.UTF-8" }, is: "en" },
  { words: [], env: { LANG: "en_US.UTF-8", LC_MESSAGES: "zh_TW" }, is: "zh" },
  { words: [], env: { LANG: "zh_CN", LC_ALL: "" }, is: "zh" },
  { words: ["user", "--help", "--lang", "zh"], env: { LANG: "en_US" }, is: "zh" },
  { words: ["--lang=en", "--help"], env: { LANG: "zh_CN" }, is: "en" },
  { words: ["--lang"], env: { LANG: "zh_CN" }, is: "zh" },
])("after $words, in a shell of $env, the language is $is", ({ words, env, is }) => {
  expect(languageOf(words, env)).toBe(is);
});
