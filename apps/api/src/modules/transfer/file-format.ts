import { type TableSummary, type TransferRow, type TransferTable, transferTables } from "@jifen/database";

/** The first line of an export. */
export type ExportHeader = {
  readonly format: "jifen-export";
  /** Of this format. */
  readonly version: 1;
  /** Of the Jifen that wrote it. */
  readonly jifen: string;
  readonly exportedAt: string;
  /** The kind of database that it comes from. */
  readonly database: string;
};

/** The line before the rows of a table. */
export type TableLine = { readonly table: string; readonly columns: readonly string[] };

/** The last line of an export. `sha256`: of all bytes before this line. */
export type ExportTrailer = { readonly tables: Readonly<Record<string, TableSummary>>; readonly sha256: string };

/** The version of the format that this Jifen writes, and the only one it reads. */
export const FORMAT_VERSION = 1;

/** The line before the rows of a table. */
export const tableLine = ({ name, columns }: TransferTable): TableLine => ({
  table: name,
  columns: columns.map(([column]) => column),
});

/** One for each table. @returns it by the table's name */
export const byTable = <Value>(make: (table: TransferTable) => Value): Map<string, Value> =>
  new Map(transferTables.map((table) => [table.name, make(table)]));

/** Whether a parsed line is a row of the table: as many values as it has columns, each of its column's type. */
export function isRowOf({ columns }: TransferTable, row: unknown): row is TransferRow {
  return Array.isArray(row) && row.length === columns.length && columns.every(([, type], at) => fits(type, row[at]));
}

/** A number of 64 bits is decimal text: many programs round one that stands in JSON as a number. */
const INT64 = /^(0|-?[1-9]\d{0,18})$/;

function fits(type: TransferTable["columns"][number][1], value: unknown): boolean {
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
