import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { codeBlocks } from "../../packages/testkit/src/code-blocks.ts";

/** A block of a page that changes a file (`diff`), or is the whole of a new one. */
type Edit = { readonly file: string; readonly isDiff: boolean; readonly text: string };

/** A step of a recipe: `## 1. Declare`. */
type Step = { readonly title: string; readonly edits: readonly Edit[]; readonly commands: readonly string[] };

/** Reads the steps of a page. A line that is nothing but a file name in backticks names the file of the blocks after it. */
export const readSteps = (page: string): readonly Step[] =>
  page
    .split(/^## \d+\. /m)
    .slice(1)
    .map((section) => {
      const lines = section.split("\n");
      const blocks = codeBlocks(section).map(({ language, code, line }) => {
        const file = lines.slice(0, line).findLast((text) => /^`[^`]+`$/.test(text)) ?? "";
        return { file: file.slice(1, -1), language, text: code };
      });
      return {
        title: lines[0] ?? "",
        edits: blocks
          .filter(({ language }) => language !== "sh")
          .map(({ file, language, text }) => ({ file, isDiff: language === "diff", text })),
        commands: blocks.filter(({ language }) => language === "sh").flatMap(({ text }) => text.trim().split("\n")),
      };
    });

/** Does what the blocks of a step say, below `root`. @throws Error when a block does not fit to its file */
export function applyEdits({ edits }: Step, root: string): void {
  for (const { file, isDiff, text } of edits) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, isDiff ? patch(readFileSync(path, "utf8"), text, file) : text);
  }
}

/** Replaces the lines of a block without its `+` lines, which must occur once, by those without its `-` lines. */
function patch(source: string, block: string, file: string): string {
  const without = (sign: string) =>
    block
      .split(/^/m)
      .filter((line) => !line.startsWith(sign))
      .map((line) => (line === "\n" ? line : line.slice(1)))
      .join("");
  const parts = source.split(without("+"));
  if (parts.length !== 2) throw new Error(`${parts.length - 1} places of ${file} fit to this block:\n${block}`);
  return parts.join(without("-"));
}
