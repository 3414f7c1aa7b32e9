import { expect, test } from "vitest";
import { languageOf } from "./language.ts";

test.each([
  { args: [], env: {}, is: "en" },
  { args: [], env: { LANG: "C.UTF-8" }, is: "en" },
  { args: [], env: { LANG: "zh_CN.UTF-8" }, is: "zh" },
  { args: [], env: { LANG: "zh_CN.UTF-8", LC_ALL: "en_US.UTF-8" }, is: "en" },
  { args: [], env: { LANG: "en_US.UTF-8", LC_MESSAGES: "zh_TW" }, is: "zh" },
  { args: [], env: { LANG: "zh_CN", LC_ALL: "" }, is: "zh" },
  { args: ["user", "--help", "--lang", "zh"], env: { LANG: "en_US" }, is: "zh" },
  { args: ["--lang=en", "--help"], env: { LANG: "zh_CN" }, is: "en" },
  { args: ["--lang"], env: { LANG: "zh_CN" }, is: "zh" },
  { args: [], env: { MESSAGE_LANGUAGE: "zh", LANG: "en_US.UTF-8" }, is: "zh" },
  { args: [], env: { MESSAGE_LANGUAGE: "en", LC_ALL: "zh_CN.UTF-8" }, is: "en" },
  { args: ["--lang", "zh"], env: { MESSAGE_LANGUAGE: "en" }, is: "zh" },
  { args: [], env: { MESSAGE_LANGUAGE: "", LANG: "zh_CN.UTF-8" }, is: "zh" },
  { args: [], env: { MESSAGE_LANGUAGE: "fr", LANG: "zh_CN.UTF-8" }, is: "zh" },
])("jifen $args in a shell with $env prints in the language $is", ({ args, env, is }) => {
  expect(languageOf(args, env)).toBe(is);
});
