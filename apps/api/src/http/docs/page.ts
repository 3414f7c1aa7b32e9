import { type Operation, refusals } from "@jifen/contract";
import { html, raw } from "hono/html";
import { codesOf } from "../../rest/openapi-responses.ts";
import type { Route } from "../../rest/routes.ts";
import { type Field, fieldsOf, type OpenApi, parametersOf, type Schema } from "./fields.ts";
import { style } from "./style.ts";

/** A fragment of the page. */
type Html = ReturnType<typeof html>;

const fieldTable = (title: string, fields: readonly Field[]): Html =>
  fields.length === 0
    ? html``
    : html`<h3>${title}</h3>
        <table>
          ${fields.map(
            ({ name, required, description }) =>
              html`<tr><th scope="row"><code>${name}</code>${required ? "" : html` <small>optional 可选</small>`}</th><td>${description}</td></tr>`,
          )}
        </table>`;

const errorTable = (operation: Operation): Html => html`<details>
  <summary>Errors 错误</summary>
  <table>
    ${codesOf(operation)
      .toSorted((a, b) => refusals[a].status - refusals[b].status)
      .map(
        (code) =>
          html`<tr><th scope="row">${refusals[code].status} <code>${code}</code></th><td>${refusals[code].zh}<br />${refusals[code].en}</td></tr>`,
      )}
  </table>
</details>`;

/** The input fields of an operation by their place. */
type InputFields = {
  readonly path: readonly Field[];
  readonly query: readonly Field[];
  readonly body: readonly Field[];
};

const requiredOf = (fields: readonly Field[]) =>
  fields.filter(({ required }) => required).map(({ name, example }) => [name, example] as const);

/** A curl command that works as it is, once TOKEN is set. */
function curl(origin: string, operation: Operation, input: InputFields): string {
  const { method, path } = operation.rest;
  const filled = input.path.reduce(
    (filledPath, { name, example }) => filledPath.replace(`{${name}}`, encodeURIComponent(String(example))),
    path as string,
  );
  const query = new URLSearchParams(
    Object.fromEntries(requiredOf(input.query).map(([name, example]) => [name, String(example)])),
  );
  const lines = [query.size === 0 ? `curl ${origin}${filled}` : `curl "${origin}${filled}?${query}"`];
  if (operation.caller !== "anyone") lines.push(`-H "Authorization: Bearer $TOKEN"`);
  if (operation.idempotent) lines.push(`-H "Idempotency-Key: $(uuidgen)"`);
  const body = Object.fromEntries(requiredOf(input.body));
  if (Object.keys(body).length > 0) {
    lines.push(`-H "Content-Type: application/json"`, `-d '${JSON.stringify(body)}'`);
  } else if (method === "POST") {
    lines.push("-X POST");
  }
  return lines.join(" \\\n  ");
}

function section({ document, origin }: Omit<Page, "routes">, { noun, verb, operation }: Route): Html {
  const { method, path } = operation.rest;
  const described = document.paths?.[path]?.[method.toLowerCase() as "get" | "post"];
  const bodyOf = (content: object | undefined): Schema =>
    (content as { content?: { "application/json"?: { schema?: Schema } } } | undefined)?.content?.["application/json"]
      ?.schema ?? {};
  const input = {
    path: parametersOf(document, described?.parameters, "path"),
    query: parametersOf(document, described?.parameters, "query"),
    body: fieldsOf(document, bodyOf(described?.requestBody)),
  };
  const output = fieldsOf(document, bodyOf(described?.responses?.["200"]));
  return html`<section id="${noun}.${verb}">
    <h2><span class="${method}">${method}</span> <code>${path}</code></h2>
    <p>${operation.summary.zh} — ${operation.summary.en} <small>tRPC <code>${noun}.${verb}</code></small></p>
    ${fieldTable("Path parameters 路径参数", input.path)} ${fieldTable("Query parameters 查询参数", input.query)}
    ${fieldTable("Request 请求", input.body)} ${fieldTable("Response 响应", output)}
    <pre><code>${curl(origin, operation, input)}</code></pre>
    ${errorTable(operation)}
  </section>`;
}

/** What the page is created from. */
type Page = { readonly document: OpenApi; readonly origin: string; readonly routes: readonly Route[] };

/** The documentation page, created from the operations that the server runs. It has no script and no external resource. */
export const docsPage = ({ routes, ...page }: Page): Html => html`<!doctype html>
  <html lang="zh-CN">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Jifen 积分 API</title>
      <style>${raw(style)}</style>
    </head>
    <body>
      <header>
        <h1>Jifen 积分 API <small>${page.document.info.version}</small></h1>
        <p>Credits, call logs and billing for AI products. AI 产品的积分、调用日志与计费。 <a href="openapi.json">openapi.json</a></p>
        <nav>
          ${routes.map(({ noun, verb, operation }) => html`<a href="#${noun}.${verb}"><code>${operation.rest.path}</code></a> `)}
        </nav>
      </header>
      <main>${routes.map((route) => section(page, route))}</main>
    </body>
  </html>`;
