import type { DescribedRoute } from "../../rest/routes.ts";
import { accessText } from "./access-text.ts";
import { descriptionOf, type FieldListOptions, fieldText } from "./field-list.ts";
import type { Field } from "./fields.ts";
import { groups, routesOfGroup } from "./groups.ts";
import { namedObjects, operationFields } from "./operation-fields.ts";
import type { PageSource } from "./page-parts.ts";
import { sampleAnswer } from "./samples/answers.ts";
import { sampleRequest } from "./samples/request.ts";
import { curl } from "./samples/tools.ts";
import { startParts } from "./start.ts";

const summary = "> A self-hosted backend for credits, call logs and billing of AI products.";

const start = (): readonly string[] =>
  startParts.en.flatMap(({ title, paragraphs, code }) => [
    `## ${title}`,
    ...paragraphs.filter((each) => !each.endsWith(":")),
    ...(code === undefined ? [] : [fenced(code, "json")]),
  ]);

const fenced = (text: string, language: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

const titleOf = ({ operation: { rest } }: DescribedRoute): string => `${rest.method} ${rest.path}`;

/** The list of the documentation for language models, in the form of llmstxt.org. */
export function llmsText({ routes, origin }: Pick<PageSource, "routes" | "origin">): string {
  const blocks = groups.flatMap((group) => [
    `## ${group.title.en}`,
    routesOfGroup(group, routes)
      .map((route) => {
        const { noun, verb, operation } = route;
        return `- [${titleOf(route)}](${origin}/${group.page}#${noun}.${verb}): ${operation.summary.en}`;
      })
      .join("\n"),
  ]);
  const more = [
    `- [All operations with fields, samples and errors](${origin}/llms-full.txt)`,
    `- [OpenAPI 3.1](${origin}/openapi.json)`,
    `- [The documentation as a page](${origin}/docs), and [for staff](${origin}/docs-staff)`,
  ];
  return `${["# Jifen", summary, "## Documents", more.join("\n"), ...start(), ...blocks].join("\n\n")}\n`;
}

const fieldLine = (field: Field, place: FieldListOptions["place"]): string => {
  const facts = [
    ...(place === "path" ? ["in the path"] : []),
    fieldText(field, { language: "en", place }),
    ...(place !== "answer" && field.isRequired && field.schema.default === undefined ? ["required"] : []),
    ...(descriptionOf(field) === "" ? [] : [descriptionOf(field)]),
  ];
  return `- \`${field.name}\`: ${facts.join("; ")}`;
};

const list = (title: string, fields: readonly Field[], place: FieldListOptions["place"]): readonly string[] =>
  fields.length === 0 ? [] : [`${title}:`, fields.map((field) => fieldLine(field, place)).join("\n")];

function operationText(route: DescribedRoute, { document, origin }: PageSource): string {
  const { operation } = route;
  const { path, query, body, answer, answerObject } = operationFields(document, route);
  return [
    `### ${titleOf(route)}`,
    operation.summary.en,
    accessText(route, "en").join("; "),
    ...list("In the path", path, "path"),
    ...list("In the query", query, "query"),
    ...list("Body", body, "body"),
    fenced(curl(sampleRequest(route), origin), "sh"),
    ...(answerObject === undefined ? list("Answer", answer, "answer") : [`Answer: \`${answerObject}\``]),
    fenced(sampleAnswer(route), operation.kind === "stream" ? "text" : "json"),
    ...(operation.refusals.length === 0 ? [] : [`Errors: ${operation.refusals.join(", ")}`]),
  ].join("\n\n");
}

/** The whole documentation as one Markdown text, for language models. */
export function llmsFullText(source: PageSource): string {
  const operations = groups.flatMap((group) => [
    `## ${group.title.en}`,
    ...routesOfGroup(group, source.routes).map((route) => operationText(route, source)),
  ]);
  const objects = namedObjects(source.document).flatMap(({ name, fields }) =>
    list(`Object \`${name}\``, fields, "answer"),
  );
  return `${["# Jifen", summary, ...start(), ...operations, "## Objects", ...objects].join("\n\n")}\n`;
}
