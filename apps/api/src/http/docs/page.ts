import { html, raw } from "hono/html";
import { logo } from "../../modules/identity/pages/icon.ts";
import type { View } from "../../modules/identity/pages/preferences.ts";
import type { PageName } from "./groups.ts";
import { asIs, type PageParts, type RenderedGroup } from "./page-parts.ts";
import type { Html } from "./rich-text.ts";
import { toolNames, tools } from "./samples/tools.ts";
import { script } from "./script.ts";
import { startParts } from "./start.ts";
import { style } from "./style.ts";
import { words } from "./words.ts";

const langOf = (language: View["language"]): string => (language === "en" ? "en" : "zh-CN");

/** The groups with the operations that contain every word of the search. */
function matching(groups: readonly RenderedGroup[], search: string): readonly RenderedGroup[] {
  const parts = search.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map((group) => ({
      ...group,
      sections: group.sections.filter(({ searchText }) => parts.every((part) => searchText.includes(part))),
    }))
    .filter(({ sections }) => sections.length > 0);
}

const otherPage = (page: PageName): PageName => (page === "docs" ? "docs-staff" : "docs");

const otherPageLink = (language: View["language"], page: PageName): Html =>
  html`<a href="${otherPage(page)}">${words[language].otherPage[page]}</a>`;

const contents = ({ language, groups }: PageParts, page: PageName): Html => {
  const text = words[language];
  const links = (entries: readonly (readonly [string, string])[]) =>
    html`<ul>${entries.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul>`;
  return html`<nav aria-label="${text.contents}">${links(startParts[language].map(({ id, title }) => [id, title]))}${links(groups.filter((each) => each.page === page).map(({ id, title }) => [`group-${id}`, title]))}${links(
    [
      ["objects", text.objects],
      ["error-codes", text.errorTable],
    ],
  )}<p>${otherPageLink(language, page)}</p></nav>`;
};

const toolChoice = (language: View["language"]): Html =>
  html`<fieldset><legend>${words[language].tools}</legend>${tools.map(
    (tool, at) =>
      html`<span><input type="radio" name="tool" id="tool-${tool}"${raw(at === 0 ? " checked" : "")}><label for="tool-${tool}">${toolNames[tool]}</label></span>`,
  )}</fieldset>`;

const groupSection = ({ id, title, sections }: RenderedGroup): Html =>
  html`<section data-group><h2 id="group-${id}">${title}</h2>${asIs(sections.map((each) => each.html).join(""))}</section>`;

/** How the page is shown. `search`: only the operations with these words, for browsers without scripts. */
type Shown = Pick<View, "theme"> & { readonly page: PageName; readonly search: string };

/** A page of the documentation. Its links are relative: behind a proxy the server can have a path. */
export function docsPage(parts: PageParts, { theme, page, search }: Shown): Html {
  const { language, version } = parts;
  const text = words[language];
  const other = language === "zh" ? "en" : "zh";
  const isSearch = search.trim() !== "";
  // A search of the server finds the operations of both pages.
  const found = matching(isSearch ? parts.groups : parts.groups.filter((each) => each.page === page), search);
  return html`<!doctype html>
<html lang="${langOf(language)}"${theme === undefined ? "" : raw(` data-theme="${theme}"`)}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text.title}</title>
<link rel="icon" href="icon.svg" type="image/svg+xml">
<style>${raw(style)}</style>
</head>
<body data-copy="${text.copy}" data-copied="${text.copied}">
<a class="skip" href="#content">${text.skip}</a>
<header>${raw(logo)}<h1>${text.title} <small>${version}</small></h1><p>${text.intro}</p><a href="openapi.json">openapi.json</a><a href="llms.txt">llms.txt</a><a href="${page}?language=${other}" lang="${langOf(other)}" hreflang="${langOf(other)}">${text.other}</a></header>
<div class="bar" role="region" aria-label="${text.search}"><div><form role="search" action="${page}"${raw(isSearch ? " data-server=1" : "")}><input type="search" name="q" value="${search}" aria-label="${text.search}" placeholder="${text.search}"><button>${text.searchButton}</button></form>${toolChoice(language)}</div></div>
<div class="page">
${contents(parts, page)}
<main id="content">${isSearch ? html`<p><a href="${page}">${text.all}</a></p>` : asIs(parts.start)}${found.map(groupSection)}<p id="nothing" role="status"${raw(found.length > 0 ? " hidden" : "")}>${text.nothing} ${otherPageLink(language, page)}</p>${asIs(parts.reference)}</main>
</div>
<script>${raw(script)}</script>
</body>
</html>`;
}
