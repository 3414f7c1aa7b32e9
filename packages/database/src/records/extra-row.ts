import type { ColumnValue, ExtraRow } from "@jifen/ledger";
import type { NewTableRecords } from "../generated/tables.ts";
import type { TableName } from "./records.ts";
import { tableOf } from "./table-of.ts";

/** A record as a row that a ledger command writes in its own transaction. */
export function extraRowOf<Name extends TableName>(name: Name, record: NewTableRecords[Name]): ExtraRow {
  const fields = new Map<string, ColumnValue>(Object.entries(record));
  const columns = tableOf(name).columns.filter(({ field }) => fields.has(field));
  return {
    table: name,
    values: Object.fromEntries(columns.map((column) => [column.name, fields.get(column.field) ?? null])),
  };
}
