import type { createDocument } from "zod-openapi";

/** The OpenAPI document. */
export type OpenApi = ReturnType<typeof createDocument>;

/** The parts of a JSON schema that the documentation page shows. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
};

/** One field of a body, or one parameter of a path or query. */
export type Field = {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly example: unknown;
};

/** Resolves the reference of a schema, one step. A nullable schema gets `null` in its type. */
function resolve(document: OpenApi, schema: Schema): Schema {
  const [first, second] = schema.anyOf ?? [];
  if (first && second?.type === "null") {
    const resolved = resolve(document, first);
    const { description = resolved.description ?? "" } = schema;
    return { ...resolved, description, type: [resolved.type ?? "any", "null"].flat() };
  }
  const name = schema.$ref?.split("/").at(-1);
  if (name === undefined) return schema;
  return { ...(document.components?.schemas?.[name] as Schema), ...schema };
}

function describe(schema: Schema): string {
  const range = [
    schema.minimum !== undefined && schema.maximum !== undefined ? `${schema.minimum} … ${schema.maximum}` : "",
    schema.maxLength === undefined ? "" : `${schema.minLength ?? 0} … ${schema.maxLength} characters 字符`,
  ];
  const kind = schema.const === undefined ? [schema.type ?? "any"].flat().join(" | ") : JSON.stringify(schema.const);
  return [kind, schema.enum?.join(", ") ?? "", ...range, schema.description ?? ""]
    .filter((part) => part !== "")
    .join(" · ");
}

/** The fields of an object schema, or of the first member of a union. */
export function fieldsOf(document: OpenApi, body: Schema): readonly Field[] {
  const schema = resolve(document, body.oneOf?.[0] ?? body.anyOf?.[0] ?? body);
  return Object.entries(schema.properties ?? {}).map(([name, field]) =>
    fieldOf(name, schema.required?.includes(name) ?? false, resolve(document, field)),
  );
}

/** A parameter in the OpenAPI document. */
type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema?: Schema };

/** The parameters of an operation in its path or in its query. */
export const parametersOf = (
  document: OpenApi,
  parameters: readonly object[] | undefined,
  place: "path" | "query",
): readonly Field[] =>
  ((parameters ?? []) as readonly Parameter[])
    .filter((parameter) => parameter.in === place)
    .map(({ name, required = false, schema = {} }) => fieldOf(name, required, resolve(document, schema)));

const fieldOf = (name: string, required: boolean, schema: Schema): Field => ({
  name,
  required,
  description: describe(schema),
  example: schema.const ?? schema.examples?.[0] ?? exampleOf(schema.type),
});

function exampleOf(type: Schema["type"]): unknown {
  if (type === "object") return {};
  if (type === "boolean") return true;
  return type === "integer" ? 1 : "…";
}
