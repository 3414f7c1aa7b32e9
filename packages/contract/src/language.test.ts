import { expect, test } from "vitest";
import { bilingual, pickLanguage, preferredLanguage } from "./language.ts";

test.each([
  { header: undefined, language: "zh" },
  { header: null, language: "zh" },
  { header: "", language: "zh" },
  { header: "*", language: "zh" },
  { header: "fr", language: "zh" },
  { header: "fr-FR,fr;q=0.9", language: "zh" },
  { header: "zh-CN,zh;q=0.9,en;q=0.8", language: "zh" },
  { header: "en-US,en;q=0.9", language: "en" },
  { header: "en-US,zh-CN", language: "en" },
  { header: "EN", language: "en" },
  { header: "en", language: "en" },
  { header: "en,zh", language: "en" },
  { header: "zh,en", language: "zh" },
  { header: "zh;q=0.5, en;q=0.9", language: "en" },
  { header: "zh;q=0.5, *", language: "en" },
  { header: "fr, en;q=0.3", language: "en" },
  { header: "*, zh-CN", language: "zh" },
  { header: "*, en-US", language: "en" },
  { header: "en;q=0", language: "zh" },
  { header: "en;q=0, *", language: "zh" },
  { header: "en;q=2", language: "zh" },
  { header: "en;q=x", language: "zh" },
  { header: "english", language: "zh" },
  { header: ";;;,,,q=", language: "zh" },
])("preferredLanguage reads Accept-Language $header as $language", ({ header, language }) => {
  expect(preferredLanguage(header)).toBe(language);
});

test.each([
  { header: undefined, language: "en" },
  { header: "*", language: "en" },
  { header: "fr-FR,fr;q=0.9", language: "en" },
  { header: "zh;q=0.5, *", language: "en" },
  { header: "zh;q=0", language: "en" },
  { header: "zh;q=x", language: "en" },
  { header: "en,zh", language: "en" },
  { header: "zh,en", language: "zh" },
  { header: "zh-CN,zh;q=0.9,en;q=0.8", language: "zh" },
  { header: "fr, zh;q=0.3", language: "zh" },
])("on an English server, preferredLanguage reads Accept-Language $header as $language", ({ header, language }) => {
  expect(preferredLanguage(header, "en")).toBe(language);
});

test("pickLanguage selects one language of a bilingual text, and returns other texts unchanged", () => {
  const text = bilingual({ zh: "积分", en: "credits" });
  expect([pickLanguage(text, "zh"), pickLanguage(text, "en")]).toEqual(["积分", "credits"]);
  expect(pickLanguage("credits", "zh")).toBe("credits");
});
