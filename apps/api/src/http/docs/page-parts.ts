import {
  bodyRefusals,
  callerRefusals,
  commonRefusals,
  type Language,
  type RefusalCode,
  refusalFixes,
  refusals,
} from "@jifen/contract";
import { html, raw } from "hono/html";
import type { DescribedRoute } from "../../rest/routes.ts";
import { fieldRows } from "./field-list.ts";
import type { OpenApi } from "./fields.ts";
import { groups, type PageName, routesOfGroup } from "./groups.ts";
import { namedObjects } from "./operation-fields.ts";
import { type OperationSection, operationSection } from "./operation-section.ts";
import { type Html, plainText, richText } from "./rich-text.ts";
import { preludes } from "./samples/preludes.ts";
import { tools } from "./samples/tools.ts";
import { startParts } from "./start.ts";
import { words } from "./words.ts";

/** What the page is created from. */
export type PageSource = {
  readonly document: OpenApi;
  readonly routes: readonly DescribedRoute[];
  readonly origin: string;
};

/** A group of operations, rendered. */
export type RenderedGroup = {
  readonly id: string;
  readonly page: PageName;
  readonly title: string;
  readonly sections: readonly OperationSection[];
};

/** The parts of the page in one language, each rendered once. */
export type PageParts = {
  readonly language: Language;
  readonly version: string;
  readonly start: string;
  readonly groups: readonly RenderedGroup[];
  /** Objects and error codes. */
  readonly reference: string;
};

function start(origin: string, language: Language): Html {
  const prelude = html`<div class=s>${tools.map((tool) => html`<pre class=${tool}>${plainText(preludes[tool](origin))}</pre>`)}</div>`;
  return html`${startParts[language].map(
    ({ id, title, paragraphs, hasPrelude, code }) =>
      html`<section><h2 id="${id}">${title}</h2>${paragraphs.map((each) => html`<p>${richText(each)}</p>`)}${hasPrelude ? prelude : ""}${code === undefined ? "" : html`<pre>${plainText(code)}</pre>`}</section>`,
  )}`;
}

function objectSection(document: OpenApi, language: Language): Html {
  const text = words[language];
  const described = namedObjects(document);
  const objects = new Set(described.map(({ name }) => name));
  return html`<section><h2 id="objects">${text.objects}</h2><p>${text.objectsIntro}</p>${described.map(
    ({ name, fields }) =>
      html`<details><summary><h3><code>${name}</code></h3></summary><div id="object-${name}"><dl>${fieldRows(fields, { language, objects, place: "answer" })}</dl></div></details>`,
  )}</section>`;
}

const codeLinks = (codes: readonly RefusalCode[]): Html =>
  html`${codes.map((code, at) => html`${at === 0 ? "" : ", "}<a href=#${code}>${code}</a>`)}`;

function errorSection(language: Language): Html {
  const text = words[language];
  const codes = (Object.keys(refusals) as RefusalCode[]).toSorted((a, b) => refusals[a].status - refusals[b].status);
  return html`<section><h2 id="error-codes">${text.errorTable}</h2><p>${text.errorIntro}</p><p id="common-errors">${text.everyOperation} ${codeLinks(commonRefusals)}. ${text.withCredential} ${codeLinks(callerRefusals)}. ${text.withBody} ${codeLinks(bodyRefusals)}.</p><dl>${codes.map(
    (code) =>
      html`<dt id=${code}>${refusals[code].status} ${code}${raw("<dd>")}${refusals[code][language]}${language === "en" ? ". " : "。"}${richText(refusalFixes[code][language])}`,
  )}</dl></section>`;
}

/** Renders all parts of the page in one language. */
export async function pageParts({ document, routes, origin }: PageSource, language: Language): Promise<PageParts> {
  const objects = new Set(namedObjects(document).map(({ name }) => name));
  const context = { document, language, origin, objects };
  const rendered = groups.map(async (group) => ({
    id: group.id,
    page: group.page,
    title: group.title[language],
    sections: await Promise.all(routesOfGroup(group, routes).map((route) => operationSection(route, context))),
  }));
  return {
    language,
    version: document.info.version,
    start: String(await start(origin, language)),
    groups: await Promise.all(rendered),
    reference: String(await html`${objectSection(document, language)}${errorSection(language)}`),
  };
}

/** Puts a rendered part into a page as it is. */
export const asIs = (text: string): Html => html`${raw(text)}`;
