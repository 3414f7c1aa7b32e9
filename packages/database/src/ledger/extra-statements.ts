import { invariant } from "@jifen/core";
import { type ColumnValue, type ExtraRow, ExtraWriteConflict, type WriteSet } from "@jifen/ledger";
import { tables } from "../generated/tables.ts";
import type { Column, Table } from "../records/table.ts";

/** A column with its value. */
export type Cell = { readonly column: Column; readonly value: ColumnValue };

/** An insert of rows that have the same columns. */
export type ExtraInsert = {
  readonly kind: "insert";
  readonly table: Table;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly ColumnValue[])[];
};

/** A change of the row with this primary key, if it has the expected values. */
export type ExtraUpdate = {
  readonly kind: "update";
  readonly table: Table;
  readonly key: readonly Cell[];
  readonly expected: readonly Cell[];
  readonly set: readonly Cell[];
};

/** One statement of the extra writes. */
export type ExtraStatement = ExtraInsert | ExtraUpdate;

/** Only the ledger itself writes these. */
const ledgerTables: ReadonlySet<string> = new Set(["accounts", "grants", "holds", "transactions"]);

const writableTables: ReadonlyMap<string, Table> = new Map(
  tables.filter(({ name }) => !ledgerTables.has(name)).map((table) => [table.name, table]),
);

/** Names become part of SQL, so that only declared tables and columns are accepted. */
function tableOf(name: string): Table {
  const table = writableTables.get(name);
  invariant(table !== undefined, `extra writes to the table "${name}" are not supported`);
  return table;
}

const cellsOf = (table: Table, values: Readonly<Record<string, ColumnValue>>): readonly Cell[] =>
  Object.entries(values).map(([name, value]) => {
    const column = table.columns.find((each) => each.name === name && !each.isComputed);
    invariant(column !== undefined, `the table "${table.name}" has no column "${name}"`);
    return { column, value };
  });

/** A statement has at most this many rows: MySQL limits its size, and a row can have 64 KB of text. */
const MAX_ROWS = 50;

/** Rows of the same table and columns are inserted together. Tables have no foreign keys, so their order has no effect. */
function insertsOf(extraRows: readonly ExtraRow[]): readonly ExtraInsert[] {
  const groups = Map.groupBy(extraRows, ({ table, values }) => [table, ...Object.keys(values)].join());
  return [...groups.values()].flatMap((group) => {
    const [first] = group as [ExtraRow];
    const table = tableOf(first.table);
    const columns = cellsOf(table, first.values).map(({ column }) => column);
    const rows = group.map(({ values }) => Object.values(values));
    const statements = Array.from({ length: Math.ceil(rows.length / MAX_ROWS) }, (_, at) =>
      rows.slice(at * MAX_ROWS, (at + 1) * MAX_ROWS),
    );
    return statements.map((some): ExtraInsert => ({ kind: "insert", table, columns, rows: some }));
  });
}

const updatesOf = (changes: WriteSet["extraChanges"]): readonly ExtraUpdate[] =>
  changes.map((change) => {
    const table = tableOf(change.table);
    const key = cellsOf(table, change.key);
    const isWholeKey =
      key
        .map(({ column }) => column.field)
        .toSorted()
        .join() === table.key.toSorted().join();
    invariant(isWholeKey, `a change of "${change.table}" needs its whole primary key: ${table.key.join(", ")}`);
    return { kind: "update", table, key, expected: cellsOf(table, change.expected), set: cellsOf(table, change.set) };
  });

/** The statements of the extra writes, in the order in which they run. @throws InvariantError for an unknown table or column */
export const extraStatements = ({ extraRows, extraChanges }: WriteSet): readonly ExtraStatement[] =>
  extraRows.length + extraChanges.length === 0 ? [] : [...insertsOf(extraRows), ...updatesOf(extraChanges)];

/** The conflict of a statement that was refused by a unique index, or that matched no row. */
export const conflictOf = ({ kind, table }: ExtraStatement, cause?: unknown): ExtraWriteConflict =>
  new ExtraWriteConflict(
    { reason: kind === "insert" ? "ROW_EXISTS" : "ROW_NOT_AS_EXPECTED", table: table.name },
    { cause },
  );
