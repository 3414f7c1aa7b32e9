import type { TransferTable } from "./tables.ts";

/** A value as it is carried: a whole number of 64 bits is decimal text, so that nothing on the way rounds it. */
export type TransferValue = string | number | boolean | null;

/** A row: its values in the order of the table's columns. */
export type TransferRow = readonly TransferValue[];

/** Rows of one table, a page at a time, in the order of its key. */
export type ReadRows = (table: TransferTable) => AsyncIterable<readonly TransferRow[]>;

/**
 * Takes everything out of a database, and puts it in, past the rules of the ledger: what comes out is what goes in.
 * Everything rejects with DatabaseUnavailable when the database cannot be reached, what writes also with OutcomeUnknown.
 */
export type TableCopier = {
  /**
   * Runs `work` on all rows as of one moment, while others go on writing. One page is in memory at a time.
   * @throws RangeError when a row holds a number that no row may hold, and whatever `work` throws.
   */
  readAll<Result>(work: (rows: ReadRows) => Promise<Result>): Promise<Result>;
  /** How many rows a table has now. Rejects with DatabaseUnavailable as well when counting them takes too long. */
  count(table: TransferTable): Promise<number>;
  /** Adds rows; none of them may be there. When it fails, the first few may be there, and no later one without them. */
  insert(table: TransferTable, rows: readonly TransferRow[]): Promise<void>;
  /** Marks the database as one that is being filled, which nobody opens for anything else; or takes the mark away. */
  setUnfinished(isUnfinished: boolean): Promise<void>;
};
