import { html, raw } from "hono/html";

/** A fragment of the page. */
export type Html = ReturnType<typeof html>;

/** Text between tags. Quotation marks need no escape there, and the page has thousands of them. */
export const plainText = (text: string): Html => html`${raw(text.replaceAll("&", "&amp;").replaceAll("<", "&lt;"))}`;

/** Text with codes between backticks. Names of objects among them become links. */
export const richText = (text: string, objects: ReadonlySet<string> = new Set()): Html =>
  html`${text.split("`").map((part, at) => {
    if (at % 2 === 0) return plainText(part);
    const code = html`<code>${plainText(part)}</code>`;
    return objects.has(part) ? html`<a href="#object-${part}">${code}</a>` : code;
  })}`;
