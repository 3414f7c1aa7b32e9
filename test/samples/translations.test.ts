import { describe, expect, test } from "vitest";
import { codeBlocks } from "../../packages/testkit/src/code-blocks.ts";
import { read } from "../tidy/sources.ts";
import { documents, isChinese } from "./documents.ts";

const originalOf = (document: string) => document.replace(".zh-CN.md", ".md").replace("docs/zh-CN/", "docs/");

const HAN = /[\p{Script=Han}，。：；！？（）、…]+/u;

/** Lines of code without comments. The language of the texts is a word of its own. */
const linesOf = (code: string): readonly string[] =>
  code
    .replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)(?:\/\/|#)\s.*$/gm, "")
    .replaceAll(/"(?:zh|en)"/g, '"LANGUAGE"')
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Whether a Chinese line is the English one with other texts. */
function isTranslation(chinese: string, english: string): boolean {
  if (chinese === english) return true;
  const parts = chinese.split(new RegExp(HAN.source, "gu"));
  if (parts.length === 1) return false;
  const pattern = parts.map((part) => part.replaceAll(/\W/g, "\\$&")).join("[^{}<>]+");
  return new RegExp(`^${pattern}$`).test(english);
}

describe.each(documents.filter(isChinese))("%s", (document) => {
  test(`the samples of ${document} are those of the English document apart from comments and texts`, () => {
    const [chinese, english] = [codeBlocks(read(document)), codeBlocks(read(originalOf(document)))];
    expect(chinese.map(({ language }) => language)).toEqual(english.map(({ language }) => language));
    chinese.forEach(({ code, line }, index) => {
      const [lines, originals] = [linesOf(code), linesOf(english[index]?.code ?? "")];
      const differing = lines.filter((text, at) => !isTranslation(text, originals[at] ?? ""));
      expect({ line, count: lines.length, differing }).toEqual({ line, count: originals.length, differing: [] });
    });
  });
});
