import type { Column, ColumnType, Table } from "../src/records/table.ts";

/** A dialect of SQL. */
export type Dialect = "sqlite" | "postgresql" | "mysql";

type Style = {
  readonly types: Readonly<Record<ColumnType, string>>;
  /** The type of a text in a key or an index: keys compare byte by byte on every database. */
  readonly keyText: string;
  /** What stands after the columns of a table. */
  readonly tableOptions: string;
};

const byteOrder = "CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */";

const styles: Readonly<Record<Dialect, Style>> = {
  sqlite: {
    types: { text: "TEXT", bigint: "BIGINT", integer: "INTEGER", boolean: "BOOLEAN" },
    keyText: "TEXT",
    tableOptions: " WITHOUT ROWID",
  },
  postgresql: {
    types: { text: "text", bigint: "bigint", integer: "integer", boolean: "boolean" },
    keyText: 'text COLLATE "C"',
    tableOptions: "",
  },
  mysql: {
    types: { text: "text", bigint: "bigint", integer: "integer", boolean: "boolean" },
    // A column in an index has a length there, and one with a default has to have one as well.
    keyText: "varchar(320)",
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

function columnLine(dialect: Dialect, column: Column, keys: ReadonlySet<string>): string {
  const { types, keyText } = styles[dialect];
  const isKeyText = keys.has(column.field) || (dialect === "mysql" && column.initial !== undefined);
  const type = column.type === "text" && isKeyText ? keyText : types[column.type];
  const initial = column.initial === undefined ? "" : ` DEFAULT ${literal(column.initial)}`;
  const name = dialect === "mysql" && column.name === "key" ? "`key`" : column.name;
  return `${name} ${type}${column.isNullable ? "" : " NOT NULL"}${initial}${checkOf(dialect, column)}`;
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
  const keys = new Set([...key, ...unique.flat()]);
  const lines = columns.map((column) => {
    const isPrimary = key.length === 1 && column.field === key[0];
    return columnLine(dialect, column, keys) + (isPrimary ? " PRIMARY KEY" : "");
  });
  if (key.length > 1) lines.push(`PRIMARY KEY (${key.map(nameOf).join(", ")})`);
  const indexes = unique.map((fields) => {
    const names = fields.map(nameOf);
    return `CREATE UNIQUE INDEX ${[name, ...names].join("_")} ON ${name} (${names.join(", ")});`;
  });
  const body = lines.map((line) => `  ${line}`).join(",\n");
  return [`-- ${description}\nCREATE TABLE ${name} (\n${body}\n)${styles[dialect].tableOptions};`, ...indexes];
}
