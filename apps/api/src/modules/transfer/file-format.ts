import { type TableSummary, type TransferRow, type TransferTable, transferTables } from "@jifen/database";

/** The first line of an export. */
export type ExportHeader = {
  readonly format: "jifen-export";
  /** Version of the file format. */
  readonly version: 1;
  /** Version of the Jifen that wrote the file. */
  readonly jifen: string;
  readonly exportedAt: string;
  /** The kind of the source database. */
  readonly database: string;
};

/** The line before the rows of a table. */
export type TableLine = { readonly table: string; readonly columns: readonly string[] };

/** The last line of an export. `sha256` covers all bytes before this line. */
export type ExportTrailer = { readonly tables: Readonly<Record<string, TableSummary>>; readonly sha256: string };

/** The version of the format that this Jifen writes, and the only one it reads. */
export const FORMAT_VERSION = 1;

/** The line before the rows of a table. */
export const tableLine = ({ name, columns }: TransferTable): TableLine => ({
  table: name,
  columns: columns.map(([column]) => column),
});

/** Creates one value for each table. @returns the values by table name */
export const byTable = <Value>(create: (table: TransferTable) => Value): Map<string, Value> =>
  new Map(transferTables.map((table) => [table.name, create(table)]));

/** Whether a parsed line is a row of the table: one value for each column, each of its column's type. */
export function isRowOf({ columns }: TransferTable, row: unknown): row is TransferRow {
  return Array.isArray(row) && row.length === columns.length && columns.every(([, type], at) => hasType(type, row[at]));
}

/** A 64-bit number is decimal text: many programs round a JSON number of that size. */
const INT64 = /^(0|-?[1-9]\d{0,18})$/;

function hasType(type: TransferTable["columns"][number][1], value: unknown): boolean {
  if (value === null) return true;
  switch (type) {
    case "text":
      return typeof value === "string";
    case "bigint":
      return typeof value === "string" && INT64.test(value);
    case "integer":
      return Number.isSafeInteger(value);
    case "boolean":
      return typeof value === "boolean";
    default:
      return type satisfies never;
  }
}
