import type { Column, ColumnType, Table } from "../src/records/table.ts";

/** A dialect of SQL. */
export type Dialect = "sqlite" | "postgresql" | "mysql";

type Style = {
  readonly types: Readonly<Record<ColumnType, string>>;
  /** The type of a text in a key or an index, with at most `length` characters: keys compare byte by byte on every database. */
  readonly keyText: (length: number) => string;
  /** What stands after the columns of a table. */
  readonly tableOptions: string;
};

const byteOrder = "CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */";

const styles: Readonly<Record<Dialect, Style>> = {
  sqlite: {
    types: { text: "TEXT", bigint: "BIGINT", integer: "INTEGER", boolean: "BOOLEAN" },
    keyText: () => "TEXT",
    tableOptions: " WITHOUT ROWID",
  },
  postgresql: {
    types: { text: "text", bigint: "bigint", integer: "integer", boolean: "boolean" },
    keyText: () => 'text COLLATE "C"',
    tableOptions: "",
  },
  mysql: {
    types: { text: "text", bigint: "bigint", integer: "integer", boolean: "boolean" },
    // A column in an index has a length there, and one with a default has to have one as well.
    keyText: (length) => `varchar(${length})`,
    tableOptions: ` ENGINE = InnoDB ${byteOrder}`,
  },
};

const literal = (value: string | number | boolean) => (typeof value === "string" ? `'${value}'` : String(value));

/** The CHECK of a column. SQLite accepts any type in any column, so the type of a number is checked as well. */
function checkOf(dialect: Dialect, { name, minimum, values }: Column): string {
  if (values) return ` CHECK (${name} IN (${values.map(literal).join(", ")}))`;
  if (minimum === undefined) return "";
  const isInteger = dialect === "sqlite" ? `typeof(${name}) = 'integer' AND ` : "";
  return ` CHECK (${isInteger}${name} >= ${minimum})`;
}

/** MySQL's limit for the characters of a key. */
const KEY_CHARACTERS = 768;
const MAX_KEY_TEXT = 320;

/** The length of a text that shares its keys with other texts. */
function keyLength({ columns }: Table, { field }: Column, keys: readonly (readonly string[])[]): number {
  const isText = (name: string) => columns.some((column) => column.field === name && column.type === "text");
  const texts = keys.filter((key) => key.includes(field)).map((key) => key.filter(isText).length);
  return Math.min(MAX_KEY_TEXT, Math.floor(KEY_CHARACTERS / Math.max(1, ...texts)));
}

function columnLine(dialect: Dialect, table: Table, column: Column): string {
  const { types, keyText } = styles[dialect];
  const keys = [table.key, ...table.unique];
  const isInKey = keys.some((key) => key.includes(column.field));
  const isKeyText = isInKey || (dialect === "mysql" && column.initial !== undefined);
  const type = column.type === "text" && isKeyText ? keyText(keyLength(table, column, keys)) : types[column.type];
  const initial = column.initial === undefined ? "" : ` DEFAULT ${literal(column.initial)}`;
  const name = dialect === "mysql" && column.name === "key" ? "`key`" : column.name;
  // MariaDB refuses a primary key after a CHECK.
  const primary = table.key.length === 1 && column.field === table.key[0] ? " PRIMARY KEY" : "";
  return `${name} ${type}${column.isNullable ? "" : " NOT NULL"}${initial}${primary}${checkOf(dialect, column)}`;
}

/**
 * The statements that create a table. Review them and add what models.prisma does not say: other indexes, CHECKs of several
 * columns, triggers.
 * @throws Error when the database computes a column: its expression is written by hand
 */
export function createTable(dialect: Dialect, table: Table): readonly string[] {
  const { name, description, columns, key, unique } = table;
  const computed = columns.find(({ isComputed }) => isComputed);
  if (computed) throw new Error(`${name}.${computed.name} is computed: write the migration of ${name} by hand`);
  const nameOf = (field: string) => columns.find((column) => column.field === field)?.name ?? field;
  const lines = columns.map((column) => columnLine(dialect, table, column));
  if (key.length > 1) lines.push(`PRIMARY KEY (${key.map(nameOf).join(", ")})`);
  const indexes = unique.map((fields) => {
    const names = fields.map(nameOf);
    return `CREATE UNIQUE INDEX ${[name, ...names].join("_")} ON ${name} (${names.join(", ")});`;
  });
  const body = lines.map((line) => `  ${line}`).join(",\n");
  return [`-- ${description}\nCREATE TABLE ${name} (\n${body}\n)${styles[dialect].tableOptions};`, ...indexes];
}
