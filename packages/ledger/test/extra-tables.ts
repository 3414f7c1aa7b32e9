import { type ColumnValue, type ExtraChange, type ExtraRow, ExtraWriteConflict } from "../src/extra-writes.ts";
import type { WriteSet } from "../src/store.ts";

type StoredRow = Record<string, ColumnValue>;

const hasValues = (row: StoredRow, values: Readonly<Record<string, ColumnValue>>): boolean =>
  Object.entries(values).every(([column, value]) => row[column] === value);

/** Tables outside the ledger, in memory. Every table has the primary key `id`. */
export class ExtraTables {
  #tables = new Map<string, StoredRow[]>();

  /** The rows of a table, in the order in which they were inserted. */
  rows(table: string): readonly Readonly<StoredRow>[] {
    return this.#tables.get(table) ?? [];
  }

  /** Inserts the rows, then makes the changes: all of them, or none and an error. */
  write({ extraRows, extraChanges }: Pick<WriteSet, "extraRows" | "extraChanges">): void {
    const draft = structuredClone(this.#tables);
    for (const row of extraRows) insert(draft, row);
    for (const change of extraChanges) update(draft, change);
    this.#tables = draft;
  }
}

function insert(tables: Map<string, StoredRow[]>, { table, values }: ExtraRow): void {
  const rows = tables.get(table) ?? [];
  if (rows.some(({ id }) => id === values["id"])) throw new ExtraWriteConflict({ reason: "ROW_EXISTS", table });
  tables.set(table, [...rows, { ...values }]);
}

function update(tables: Map<string, StoredRow[]>, { table, key, expected, set }: ExtraChange): void {
  const row = tables.get(table)?.find((each) => hasValues(each, key));
  if (!row || !hasValues(row, expected)) throw new ExtraWriteConflict({ reason: "ROW_NOT_AS_EXPECTED", table });
  Object.assign(row, set);
}
