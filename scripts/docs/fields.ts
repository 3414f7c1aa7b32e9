import { z } from "zod";

/** As much of a JSON schema as the reference shows. */
type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
};

/** One field of an input or an output. Nested objects are flattened: `items[].holdId`. */
export type Field = {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly default: unknown;
  readonly description: string;
};

type Definitions = Readonly<Record<string, Schema>>;

function resolve(schema: Schema, definitions: Definitions): Schema {
  const name = schema.$ref?.split("/").at(-1);
  if (name === undefined) return schema;
  const { $ref: _, ...own } = schema;
  return { ...resolve(definitions[name] ?? {}, definitions), ...own };
}

/** The parts of a union that are not null, and whether null is one of them. */
function withoutNull(
  schema: Schema,
  definitions: Definitions,
): { readonly schema: Schema; readonly isNullable: boolean } {
  const parts = schema.anyOf ?? schema.oneOf;
  if (!parts) return { schema, isNullable: false };
  const isNullable = parts.some(({ type }) => type === "null");
  const others = parts.filter(({ type }) => type !== "null");
  const [first = {}] = others;
  if (others.length > 1) return { schema, isNullable };
  const { description } = schema;
  return { schema: { ...resolve(first, definitions), ...(description !== undefined && { description }) }, isNullable };
}

function rangeOf({ minimum, maximum, minLength = 0, maxLength }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum} to ${maximum}`;
  if (maxLength === undefined) return "";
  return minLength > 0 ? `, ${minLength} to ${maxLength} characters` : `, at most ${maxLength} characters`;
}

function typeOf(schema: Schema, definitions: Definitions): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `array of ${typeOf(resolve(schema.items ?? {}, definitions), definitions)}`;
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts) return [...new Set(parts.map((part) => typeOf(resolve(part, definitions), definitions)))].join(" | ");
  return `${schema.type ?? "any"}${rangeOf(schema)}`;
}

type Place = { readonly prefix: string; readonly definitions: Definitions };

function fieldsIn(schema: Schema, { prefix, definitions }: Place): readonly Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const { schema: own, isNullable } = withoutNull(resolve(property, definitions), definitions);
    const name = `${prefix}${key}`;
    const items = own.type === "array" ? resolve(own.items ?? {}, definitions) : undefined;
    const field = {
      name,
      type: `${typeOf(own, definitions)}${isNullable ? " | null" : ""}`,
      isRequired: schema.required?.includes(key) ?? false,
      default: own.default ?? property.default,
      description: own.description ?? "",
    };
    if (items?.properties) return [field, ...fieldsIn(items, { prefix: `${name}[].`, definitions })];
    return own.properties ? [field, ...fieldsIn(own, { prefix: `${name}.`, definitions })] : [field];
  });
}

/** The fields of a zod schema, as a request (`input`) or a response (`output`) carries them. */
export function fieldsOf(schema: z.ZodType, io: "input" | "output"): readonly Field[] {
  if (schema instanceof z.ZodVoid) return [];
  const json = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Schema & { readonly $defs?: Definitions };
  const definitions = json.$defs ?? {};
  const root = resolve(json, definitions);
  const [body = root] = root.oneOf ?? root.anyOf ?? [];
  return fieldsIn(resolve(body, definitions), { prefix: "", definitions });
}
