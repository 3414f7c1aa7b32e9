import { tables } from "../generated/tables.ts";
import type { ColumnType, Table } from "../records/table.ts";

/** A table as it is transferred from one database to another. */
export type TransferTable = {
  readonly name: string;
  /** Every column that the database does not compute, in the order of a row's values. */
  readonly columns: readonly (readonly [name: string, type: ColumnType])[];
  /** The columns of its primary key. */
  readonly key: readonly string[];
  /** The columns whose sums are compared. */
  readonly sums: readonly string[];
};

function transferTableOf({ name, columns, key }: Table): TransferTable {
  const stored = columns.filter(({ isComputed }) => !isComputed);
  const nameOf = (field: string) => String(stored.find((column) => column.field === field)?.name);
  return {
    name,
    columns: stored.map((column) => [column.name, column.type]),
    key: key.map(nameOf),
    sums: stored.filter(({ isSummed }) => isSummed).map((column) => column.name),
  };
}

/**
 * Every table that a transfer takes along, in the order of models.prisma: the ledger before users, so that no user can spend
 * credits before all of them are there.
 */
export const transferTables: readonly TransferTable[] = tables
  .filter(({ isTransferred }) => isTransferred)
  .map(transferTableOf);

/** A table as it is read row by row, whether a transfer takes it along or not. */
export function storedTable(name: string): TransferTable {
  const table = tables.find((each) => each.name === name);
  if (!table) throw new Error(`there is no table ${name}`);
  return transferTableOf(table);
}
