/** A fenced block of a Markdown text. */
export type CodeBlock = {
  readonly language: string;
  readonly code: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
  /** The file that a comment in its first line names: `// app/page.tsx`. */
  readonly path: string | undefined;
};

/** The fenced blocks of a Markdown text that name their language, in order. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  return [...markdown.matchAll(/^```([a-z]+)\n([\s\S]*?)^```$/gm)].map(({ index, 1: language = "", 2: code = "" }) => ({
    language,
    code,
    line: markdown.slice(0, index).split("\n").length + 1,
    path: /^(?:\/\/|#) ([\w./[\]-]+\.\w+)(?=:|\s|$)/.exec(code)?.[1],
  }));
}

/** The files that a Markdown text shows, by their paths. A later block of the same path replaces an earlier one. */
export const shownFiles = (markdown: string): ReadonlyMap<string, string> =>
  new Map(codeBlocks(markdown).flatMap(({ path, code }) => (path === undefined ? [] : [[path, code]])));
