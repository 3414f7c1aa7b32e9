import { getDMMF } from "@prisma/get-dmmf";
import type { Column, ColumnType, Distribution, Table } from "../src/records/table.ts";

type Datamodel = Exclude<ReturnType<typeof getDMMF>, { error: unknown }>["datamodel"];
type Model = Datamodel["models"][number];
type Field = Model["fields"][number];

const types: Readonly<Record<string, ColumnType>> = {
  String: "text",
  BigInt: "bigint",
  Int: "integer",
  Boolean: "boolean",
};

/** The annotations of a documentation comment: the text after each `@name`, in order. */
function annotationsOf(documentation: string | undefined, known: readonly string[]) {
  const all = new Map<string, string[]>();
  for (const line of documentation?.split("\n") ?? []) {
    const [, name, text = ""] = /^@(\w+)\s*(.*)$/.exec(line.trim()) ?? [];
    if (name === undefined) continue;
    if (!known.includes(name)) throw new Error(`models.prisma has an unknown annotation: ${line.trim()}`);
    all.set(name, [...(all.get(name) ?? []), text]);
  }
  return { all: (name: string) => all.get(name) ?? [], first: (name: string) => all.get(name)?.[0] };
}

/** A documentation comment without its annotations. */
const descriptionOf = (documentation = "") =>
  documentation
    .split("\n")
    .filter((line) => !line.trim().startsWith("@"))
    .join(" ")
    .trim();

function columnOf(field: Field): Column {
  const type = types[field.type];
  if (type === undefined) throw new Error(`models.prisma has a type that no table has: ${field.type} ${field.name}`);
  const { first } = annotationsOf(field.documentation, ["minimum", "values", "sum"]);
  const isComputed = typeof field.default === "object";
  const initial = isComputed ? undefined : (field.default as Column["initial"]);
  const minimum = first("minimum");
  const values = first("values");
  return {
    name: field.dbName ?? field.name,
    field: field.name,
    type,
    isNullable: !field.isRequired,
    isComputed,
    // A default of a BigInt is decimal text here.
    ...(initial !== undefined && { initial: type === "bigint" ? Number(initial) : initial }),
    ...(minimum !== undefined && { minimum: Number(minimum) }),
    ...(values !== undefined && { values: values.split(" ") }),
    isSummed: first("sum") !== undefined,
  };
}

function distributionOf(text: string | undefined): Distribution {
  if (text === undefined) return { is: "local" };
  if (text === "to all") return { is: "reference" };
  const [, by, beside] = /^by (\w+)(?: with (\w+))?$/.exec(text) ?? [];
  if (by === undefined) throw new Error(`models.prisma has a distribution that is not known: ${text}`);
  return { is: "distributed", by, ...(beside !== undefined && { beside }) };
}

function keyOf(fields: readonly string[], model: string): Table["key"] {
  const [first, ...others] = fields;
  if (first === undefined) throw new Error(`${model} has no key`);
  return [first, ...others];
}

function tableOf(model: Model): Table {
  const known = ["index", "rule", "documentId", "distribute", "transfer", "file"];
  const { all, first } = annotationsOf(model.documentation, known);
  const ids = model.fields.filter(({ isId }) => isId).map(({ name }) => name);
  const key = keyOf(model.primaryKey?.fields ?? ids, model.name);
  return {
    name: model.dbName ?? model.name,
    description: descriptionOf(model.documentation),
    model: model.name.charAt(0).toLowerCase() + model.name.slice(1),
    columns: model.fields.map(columnOf),
    key,
    unique: [...model.fields.filter(({ isUnique }) => isUnique).map(({ name }) => [name]), ...model.uniqueFields],
    documentId: keyOf(first("documentId")?.split(" ") ?? key, model.name),
    rules: all("rule").map((text) => JSON.parse(text)),
    indexes: all("index").map((text) => JSON.parse(text)),
    isTransferred: first("transfer") !== "no",
    file: first("file") === "logs" ? "logs" : "ledger",
    distribution: distributionOf(first("distribute")),
  };
}

/** The tables that the models declare, in the order of their file. */
export function tablesOf(models: string): readonly Table[] {
  const document = getDMMF({ datamodel: `datasource db {\n  provider = "postgresql"\n}\n${models}` });
  if ("error" in document) throw document.error;
  return document.datamodel.models.map(tableOf);
}

const typeScriptTypes = { text: "string", bigint: "number", integer: "number", boolean: "boolean" } as const;

const typed = ({ type, isNullable }: Column) => `${typeScriptTypes[type]}${isNullable ? " | null" : ""}`;

const stored = ({ columns }: Table) => columns.filter(({ isComputed }) => !isComputed);

const recordOf = (table: Table) => stored(table).map((column) => `    readonly ${column.field}: ${typed(column)};`);

const newRecordOf = (table: Table) =>
  stored(table).map((column) => {
    const canBeLeftOut = column.isNullable || column.initial !== undefined;
    return `    readonly ${column.field}${canBeLeftOut ? "?" : ""}: ${typed(column)};`;
  });

const recordsType = (tables: readonly Table[], fieldsOf: (table: Table) => readonly string[]) =>
  tables.map((table) => `  readonly ${table.name}: {\n${fieldsOf(table).join("\n")}\n  };`).join("\n");

/** The module src/generated/tables.ts. */
export const tablesModule = (tables: readonly Table[]): string => `import type { Table } from "../records/table.ts";

/** Every table, as prisma/models.prisma declares it. */
export const tables = ${JSON.stringify(tables, undefined, 2)} as const satisfies readonly Table[];

/** A record of each table by the names of its fields. Whole numbers are safe integers. */
export type TableRecords = {
${recordsType(tables, recordOf)}
};

/** A record to insert into each table: fields that can be null, or have an initial value, can be left out. */
export type NewTableRecords = {
${recordsType(tables, newRecordOf)}
};

/** The fields of each table's primary key. */
export type TableKeys = {
${tables.map(({ name, key }) => `  readonly ${name}: ${key.map((field) => `"${field}"`).join(" | ")};`).join("\n")}
};
`;
