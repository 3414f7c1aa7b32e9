import { describe, expect, test } from "vitest";
import { languageOf } from "./context.ts";

describe("languageOf", () => {
  test.each([
    { header: undefined, language: "zh" },
    { header: "", language: "zh" },
    { header: "*", language: "zh" },
    { header: "fr-FR,fr;q=0.9", language: "zh" },
    { header: "zh-CN,zh;q=0.9,en;q=0.8", language: "zh" },
    { header: "en-US,en;q=0.9", language: "en" },
    { header: "en", language: "en" },
    { header: "zh;q=0.5, en;q=0.9", language: "en" },
    { header: "fr, en;q=0.3", language: "en" },
    { header: ";;;,,,q=", language: "zh" },
  ])("Accept-Language $header selects $language", ({ header, language }) => {
    expect(languageOf(header)).toBe(language);
  });
});
