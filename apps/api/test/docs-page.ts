import { tools } from "../src/http/docs/samples/tools.ts";

/** What the documentation page shows of one operation. */
export type ShownOperation = {
  readonly name: string;
  readonly html: string;
  readonly samples: Readonly<Record<(typeof tools)[number], string>>;
  readonly answer: string;
};

/** The text between tags. */
const textOf = (html: string): string =>
  html.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");

const textIn = (html: string, pattern: RegExp): string => textOf(pattern.exec(html)?.[1] ?? "");

/** Reads every operation from the documentation page. */
export const shownOperations = (page: string): readonly ShownOperation[] =>
  [...page.matchAll(/<details><summary>(?:(?!<\/details>).)*?<div id="?([a-zA-Z]+\.[a-zA-Z]+)"?>.*?<\/details>/gs)].map(
    ([html, name = ""]) => ({
      name,
      html,
      samples: Object.fromEntries(
        tools.map((tool) => [tool, textIn(html, new RegExp(`<pre class="?${tool}"?>(.*?)</pre>`, "s"))]),
      ) as ShownOperation["samples"],
      answer: textIn(html, /<pre>(.*?)<\/pre>/s),
    }),
  );

/** The code that the samples of a tool build on. */
export const preludeOf = (page: string, tool: (typeof tools)[number]): string =>
  textIn(page.slice(page.indexOf('id="authenticate"')), new RegExp(`<pre class="?${tool}"?>(.*?)</pre>`, "s"));
