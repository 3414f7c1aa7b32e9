import type { createDocument } from "zod-openapi";

/** The document as JSON. */
export type OpenApi = ReturnType<typeof createDocument>;

/** As much of a JSON schema as a reader wants to see. */
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

/** One field of a body, or one parameter of an address. */
export type Field = {
  readonly name: string;
  readonly required: boolean;
  readonly what: string;
  readonly example: unknown;
};

/** A schema with its reference followed, one step; what may be null as well says so in its type. */
function followed(document: OpenApi, schema: Schema): Schema {
  const [one, other] = schema.anyOf ?? [];
  if (one && other?.type === "null") {
    const known = followed(document, one);
    const { description = known.description ?? "" } = schema;
    return { ...known, description, type: [known.type ?? "any", "null"].flat() };
  }
  const name = schema.$ref?.split("/").at(-1);
  if (name === undefined) return schema;
  return { ...(document.components?.schemas?.[name] as Schema), ...schema };
}

function whatIsIt(schema: Schema): string {
  const range = [
    schema.minimum !== undefined && schema.maximum !== undefined ? `${schema.minimum} … ${schema.maximum}` : "",
    schema.maxLength === undefined ? "" : `${schema.minLength ?? 0} … ${schema.maxLength} characters 字符`,
  ];
  const kind = schema.const === undefined ? [schema.type ?? "any"].flat().join(" | ") : JSON.stringify(schema.const);
  return [kind, schema.enum?.join(", ") ?? "", ...range, schema.description ?? ""]
    .filter((part) => part !== "")
    .join(" · ");
}

/** The fields of an object, or of the first kind of a union. */
export function fieldsOf(document: OpenApi, body: Schema): readonly Field[] {
  const schema = followed(document, body.oneOf?.[0] ?? body.anyOf?.[0] ?? body);
  return Object.entries(schema.properties ?? {}).map(([name, field]) =>
    fieldOf(name, schema.required?.includes(name) ?? false, followed(document, field)),
  );
}

/** A parameter as the document has it. */
type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema?: Schema };

/** The parameters of an address that stand in its path, or in its query. */
export const parametersOf = (
  document: OpenApi,
  parameters: readonly object[] | undefined,
  place: "path" | "query",
): readonly Field[] =>
  ((parameters ?? []) as readonly Parameter[])
    .filter((parameter) => parameter.in === place)
    .map(({ name, required = false, schema = {} }) => fieldOf(name, required, followed(document, schema)));

const fieldOf = (name: string, required: boolean, schema: Schema): Field => ({
  name,
  required,
  what: whatIsIt(schema),
  example: schema.const ?? schema.examples?.[0] ?? exampleOf(schema.type),
});

function exampleOf(type: Schema["type"]): unknown {
  if (type === "object") return {};
  if (type === "boolean") return true;
  return type === "integer" ? 1 : "…";
}
