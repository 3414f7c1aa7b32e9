import { type CodeBlock, codeBlocks } from "../../packages/testkit/src/code-blocks.ts";
import { files, read } from "../tidy/sources.ts";

/** Code of Jifen itself, which test/contributing applies to the sources. */
const RECIPE = "docs/add-an-endpoint.md";

/** Documents with code that readers copy. */
export const documents: readonly string[] = files.filter(
  (file) =>
    /^(README|docs\/|apps\/\w+\/README|packages\/\w+\/README).*\.md$/.test(file) &&
    !file.includes("/decisions/") &&
    file !== RECIPE,
);

/** A document in Chinese. */
export const isChinese = (document: string): boolean => /\.zh-CN\.md$|^docs\/zh-CN\//.test(document);

/** A code block of a document, with its place for messages of a test. */
export type Sample = CodeBlock & { readonly document: string; readonly place: string };

/** The samples of a document in some languages, or in all. */
export const samplesOf = (document: string, ...languages: readonly string[]): readonly Sample[] =>
  codeBlocks(read(document))
    .filter(({ language }) => languages.length === 0 || languages.includes(language))
    .map((block) => ({ ...block, document, place: `${document}:${block.line}` }));
