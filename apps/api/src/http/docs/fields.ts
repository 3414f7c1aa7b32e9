import type { createDocument } from "zod-openapi";

/** The OpenAPI document. */
export type OpenApi = ReturnType<typeof createDocument>;

/** The parts of a JSON schema that the documentation shows. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
};

/** One field of a request, an answer or an object. Members of nested objects follow it: `items[].holdId`. */
export type Field = {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isNullable: boolean;
  /** Without a reference and without null. */
  readonly schema: Schema;
  /** The name of the object that is described in one place for all operations. */
  readonly object: string | undefined;
};

type Resolved = Pick<Field, "schema" | "isNullable" | "object">;

/** Resolves references and null; several forms of an object become one with the fields of all. */
export function resolve(document: OpenApi, schema: Schema): Resolved {
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) {
    const { $ref: _, ...own } = schema;
    const target = resolve(document, (document.components?.schemas?.[name] ?? {}) as Schema);
    const object = target.schema.properties === undefined ? undefined : name;
    return { ...target, object, schema: { ...target.schema, ...own } };
  }
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms === undefined) return { schema, isNullable: [schema.type].flat().includes("null"), object: undefined };
  const { anyOf: _, oneOf: __, ...own } = schema;
  const resolved = forms.filter(({ type }) => type !== "null").map((form) => resolve(document, form));
  const isNullable = forms.length > resolved.length || resolved.some((each) => each.isNullable);
  const [first] = resolved;
  if (first !== undefined && resolved.length === 1)
    return { ...first, isNullable, schema: { ...first.schema, ...own } };
  const schemas = resolved.map((each) => each.schema);
  const merged = schemas.every(({ properties }) => properties) ? mergeForms(schemas) : { anyOf: schemas };
  return { schema: { ...own, ...merged }, isNullable, object: undefined };
}

/** The fields of all forms of an object. A field is required if every form requires it. */
function mergeForms(forms: readonly Schema[]): Schema {
  const names = [...new Set(forms.flatMap(({ properties = {} }) => Object.keys(properties)))];
  const properties = names.map((name): [string, Schema] => {
    const found = forms.flatMap(({ properties = {} }) => properties[name] ?? []);
    const values = [...new Set(found.flatMap((each) => (each.const === undefined ? [] : [each.const])))];
    return [name, values.length > 1 ? { enum: values } : (found[0] ?? {})];
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: names.filter((name) => forms.every(({ required = [] }) => required.includes(name))),
  };
}

/** The fields of an object schema. Objects that are described elsewhere are not repeated. */
export function fieldsOf(document: OpenApi, schema: Schema, prefix = ""): readonly Field[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([key, property]): readonly Field[] => {
    const resolved = resolve(document, property);
    const name = `${prefix}${key}`;
    const items = resolved.schema.items && resolve(document, resolved.schema.items);
    const object = resolved.object ?? items?.object;
    const own = items === undefined ? resolved.schema : { ...resolved.schema, items: items.schema };
    const field = { name, object, schema: own, isNullable: resolved.isNullable, isRequired: required.includes(key) };
    if (object !== undefined) return [field];
    if (items?.schema.properties) return [field, ...fieldsOf(document, items.schema, `${name}[].`)];
    return [field, ...fieldsOf(document, resolved.schema, `${name}.`)];
  });
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
    .map(({ name, required = false, schema = {} }) => ({ ...resolve(document, schema), name, isRequired: required }));
