import { type Language, refusals } from "@jifen/contract";
import { html, raw } from "hono/html";
import type { DescribedRoute } from "../../rest/routes.ts";
import { accessText } from "./access-text.ts";
import { fieldRows } from "./field-list.ts";
import type { OpenApi } from "./fields.ts";
import { type OperationFields, operationFields } from "./operation-fields.ts";
import { type Html, plainText, richText } from "./rich-text.ts";
import { sampleAnswer } from "./samples/answers.ts";
import { type SampleRequest, sampleRequest } from "./samples/request.ts";
import { curl, php, python, tools, typescript } from "./samples/tools.ts";
import { words } from "./words.ts";

/** What the sections of the page are created from. */
export type SectionContext = {
  readonly document: OpenApi;
  readonly language: Language;
  readonly origin: string;
  /** The names of the objects that the page describes. */
  readonly objects: ReadonlySet<string>;
};

/** One operation as a part of the page, and the text that a search looks at. */
export type OperationSection = { readonly searchText: string; readonly html: string };

const samples = (request: SampleRequest, origin: string): Html => {
  const written = {
    curl: curl(request, origin),
    typescript: typescript(request),
    python: python(request),
    php: php(request),
  };
  return html`<div class=s>${tools.map((tool) => html`<pre class=${tool}>${plainText(written[tool])}</pre>`)}</div>`;
};

function requestPart(route: DescribedRoute, context: SectionContext): Html {
  const { language, objects, document, origin } = context;
  const { path, query, body } = operationFields(document, route);
  const rows = [
    fieldRows(path, { language, objects, place: "path" }),
    fieldRows(query, { language, objects, place: "query" }),
    fieldRows(body, { language, objects, place: "body" }),
  ];
  const hasFields = path.length + query.length + body.length > 0;
  return html`<h4>${words[language].request}</h4>${hasFields ? html`<dl>${rows}</dl>` : ""}${samples(sampleRequest(route), origin)}`;
}

/** What an answer is, in one sentence; undefined where its fields say it. */
function answerText({ operation }: DescribedRoute, fields: OperationFields, language: Language): string | undefined {
  const text = words[language];
  if (operation.kind === "stream")
    return `${text.forms}${operation.contentTypes.map((type) => `\`${type}\``).join(", ")}`;
  const { answer, answerObject } = fields;
  if (answerObject !== undefined) return `${text.isObject}\`${answerObject}\``;
  const [items, nextCursor, ...others] = answer;
  const isPage = items?.name === "items" && nextCursor?.name === "nextCursor" && others.length === 0;
  if (isPage && items.object !== undefined) return `${text.isPage}\`${items.object}\``;
  return answer.length === 0 ? text.noFields : undefined;
}

function answerPart(route: DescribedRoute, { document, language, objects }: SectionContext): Html {
  const fields = operationFields(document, route);
  const said = answerText(route, fields, language);
  const body =
    said === undefined
      ? html`<dl>${fieldRows(fields.answer, { language, objects, place: "answer" })}</dl>`
      : html`<p>${richText(said, objects)}</p>`;
  return html`<h4>${words[language].answer}</h4>${body}<pre>${plainText(sampleAnswer(route))}</pre>`;
}

/** The codes are text, which a script turns into links: hundreds of links would make the page a twentieth longer. */
function errorPart({ operation }: DescribedRoute, language: Language): Html {
  const codes = operation.refusals.toSorted((a, b) => refusals[a].status - refusals[b].status);
  return html`<h4>${words[language].errors}</h4><p class=e>${codes.map((code) => `${refusals[code].status} ${code}, `)}<a href=#common-errors>${words[language].commonErrors}</a></p>`;
}

/** Renders one operation. */
export async function operationSection(route: DescribedRoute, context: SectionContext): Promise<OperationSection> {
  const { language } = context;
  const { noun, verb, operation } = route;
  const { method, path } = operation.rest;
  const rendered = html`<details><summary><h3><b${method === "GET" ? "" : raw(" class=P")}>${method}</b><code>${path}</code></h3><span>${richText(operation.summary[language])}</span></summary><div id=${noun}.${verb}><p class=a>${richText(accessText(route, language).join(" · "))}</p>${requestPart(route, context)}${answerPart(route, context)}${errorPart(route, language)}</div></details>`;
  return {
    searchText: `${method} ${path} ${operation.summary[language]} ${noun}.${verb}`.toLowerCase(),
    html: String(await rendered),
  };
}
