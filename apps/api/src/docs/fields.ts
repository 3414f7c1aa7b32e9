import type { createDocument } from "zod-openapi";

/** The document as JSON. */
export type OpenApi = ReturnType<typeof createDocument>;

/** As much of a JSON schema as a reader wants to see. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
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

/** One field of a body. */
export type Field = {
  readonly name: string;
  readonly required: boolean;
  readonly what: string;
  readonly example: unknown;
};

/** A schema with its reference followed, one step. */
function followed(document: OpenApi, schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  if (name === undefined) return schema;
  return { ...(document.components?.schemas?.[name] as Schema), ...schema };
}

function whatIsIt(schema: Schema): string {
  const range = [
    schema.minimum !== undefined && schema.maximum !== undefined ? `${schema.minimum} … ${schema.maximum}` : "",
    schema.maxLength === undefined ? "" : `${schema.minLength ?? 0} … ${schema.maxLength} characters 字符`,
  ];
  const kind = schema.const === undefined ? String(schema.type ?? "any") : JSON.stringify(schema.const);
  return [kind, ...range, schema.description ?? ""].filter((part) => part !== "").join(" · ");
}

/** The fields of an object, or of the first kind of a union. */
export function fieldsOf(document: OpenApi, body: Schema): readonly Field[] {
  const schema = followed(document, body.oneOf?.[0] ?? body.anyOf?.[0] ?? body);
  return Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const known = followed(document, field);
    return {
      name,
      required: schema.required?.includes(name) ?? false,
      what: whatIsIt(known),
      example: known.const ?? known.examples?.[0] ?? exampleOf(known.type),
    };
  });
}

function exampleOf(type: Schema["type"]): unknown {
  if (type === "object") return {};
  if (type === "boolean") return true;
  return type === "integer" ? 1 : "…";
}
