import type { DescribedRoute } from "../../rest/routes.ts";
import { type Field, fieldsOf, type OpenApi, parametersOf, resolve, type Schema } from "./fields.ts";

/** The fields of an operation. */
export type OperationFields = {
  readonly path: readonly Field[];
  readonly query: readonly Field[];
  readonly body: readonly Field[];
  /** Of the answer; empty for a stream. */
  readonly answer: readonly Field[];
  /** The object that the answer is, when it is described in one place. */
  readonly answerObject: string | undefined;
};

const jsonOf = (content: object | undefined): Schema =>
  (content as { content?: { "application/json"?: { schema?: Schema } } } | undefined)?.content?.["application/json"]
    ?.schema ?? {};

/** Reads the fields of an operation from the OpenAPI document. */
export function operationFields(document: OpenApi, { operation }: DescribedRoute): OperationFields {
  const { method, path } = operation.rest;
  const described = document.paths?.[path]?.[method.toLowerCase() as "get" | "post"];
  const answer = resolve(document, jsonOf(described?.responses?.["200"]));
  return {
    path: parametersOf(document, described?.parameters, "path"),
    query: parametersOf(document, described?.parameters, "query"),
    body: fieldsOf(document, resolve(document, jsonOf(described?.requestBody)).schema),
    answer: answer.object === undefined ? fieldsOf(document, answer.schema) : [],
    answerObject: answer.object,
  };
}

/** An object that several operations have, and its fields. */
export type NamedObject = { readonly name: string; readonly fields: readonly Field[] };

/** The objects that answers refer to. */
export function namedObjects(document: OpenApi): readonly NamedObject[] {
  return Object.entries(document.components?.schemas ?? {})
    .filter(([name]) => name !== "Error" && name !== "Problem")
    .map(([name, schema]) => ({ name, fields: fieldsOf(document, resolve(document, schema as Schema).schema) }))
    .filter(({ fields }) => fields.length > 0);
}
