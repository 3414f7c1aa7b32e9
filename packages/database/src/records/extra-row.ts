import type { ColumnValue, ExtraChange, ExtraRow } from "@jifen/ledger";
import type { NewTableRecords, TableKeys } from "../generated/tables.ts";
import type { StoredRecord, TableName } from "./records.ts";
import { tableOf } from "./table-of.ts";

/** A record as a row that a ledger command writes in its own transaction. */
export const extraRowOf = <Name extends TableName>(name: Name, record: NewTableRecords[Name]): ExtraRow => ({
  table: name,
  values: byColumn(name, record),
});

/** The fields of a row that a ledger command changes in its own transaction. */
type Fields<Name extends TableName> = Partial<StoredRecord<Name>>;

/** The primary key of a row. */
type Key<Name extends TableName> = Pick<StoredRecord<Name>, TableKeys[Name] & keyof StoredRecord<Name>>;

/** A change of the row of this key, if it has the expected values, that a ledger command makes in its own transaction. */
export const extraChangeOf = <Name extends TableName>(
  name: Name,
  key: Key<Name>,
  { expected, set }: { readonly expected: Fields<Name>; readonly set: Fields<Name> },
): ExtraChange => ({
  table: name,
  key: byColumn(name, key) as ExtraChange["key"],
  expected: byColumn(name, expected),
  set: byColumn(name, set),
});

function byColumn(name: TableName, record: object): Readonly<Record<string, ColumnValue>> {
  const fields = new Map<string, ColumnValue>(Object.entries(record));
  const columns = tableOf(name).columns.filter(({ field }) => fields.has(field));
  return Object.fromEntries(columns.map((column) => [column.name, fields.get(column.field) ?? null]));
}
