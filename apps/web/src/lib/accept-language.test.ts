import { expect, test } from "vitest";
import { languageOf } from "./accept-language.ts";

test.each([
  { header: undefined, language: "zh" },
  { header: "*", language: "zh" },
  { header: "zh-CN,zh;q=0.9,en;q=0.8", language: "zh" },
  { header: "en-US,en;q=0.9", language: "en" },
  { header: "fr,en;q=0.5", language: "en" },
  { header: "fr", language: "zh" },
])("Accept-Language $header is read as $language", ({ header, language }) => {
  expect(languageOf(header)).toBe(language);
});
