/** A value of a column of a table outside the ledger. Times are epoch milliseconds, JSON is text. */
export type ColumnValue = string | number | boolean | null;

/** A row of another table, inserted in the transaction of the command's entries. */
export type ExtraRow = {
  readonly table: string;
  /** By column name; columns that are left out get the table's default. */
  readonly values: Readonly<Record<string, ColumnValue>>;
};

/** A change of one row of another table, made in the transaction of the command's entries. */
export type ExtraChange = {
  readonly table: string;
  /** The row's primary key, by column name. */
  readonly key: Readonly<Record<string, string | number>>;
  /** The values that the row must have at the time of the change, by column name; none is required when it is empty. */
  readonly expected: Readonly<Record<string, ColumnValue>>;
  /** The new values, by column name. */
  readonly set: Readonly<Record<string, ColumnValue>>;
};

/** What a command writes outside the ledger. */
export type ExtraWrites = { readonly rows?: readonly ExtraRow[]; readonly changes?: readonly ExtraChange[] };

/** Why an extra write was refused: a unique index has the row already, or the row is missing or has other values. */
export type ExtraWriteConflictReason = "ROW_EXISTS" | "ROW_NOT_AS_EXPECTED";

/**
 * An extra row exists already, or a row to change is not as expected: the command had no effect, and neither had its
 * extra writes. It concerns this command alone; a retry meets the same conflict until the other row changes.
 */
export class ExtraWriteConflict extends Error {
  override name = "ExtraWriteConflict";
  readonly reason: ExtraWriteConflictReason;
  /** The table of the row. */
  readonly table: string;

  constructor(conflict: { readonly reason: ExtraWriteConflictReason; readonly table: string }, options?: ErrorOptions) {
    super(`extra write to ${conflict.table}: ${conflict.reason}`, options);
    this.reason = conflict.reason;
    this.table = conflict.table;
  }
}
