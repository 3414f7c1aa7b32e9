import type { TransferTable } from "./tables.ts";

/** A value in a transfer: a whole number of 64 bits is decimal text, so that it is never rounded. */
export type TransferValue = string | number | boolean | null;

/** A row: its values in the order of the table's columns. */
export type TransferRow = readonly TransferValue[];

/** Rows of one table, a page at a time, in the order of its key. */
export type ReadRows = (table: TransferTable) => AsyncIterable<readonly TransferRow[]>;

/**
 * Reads all rows of a database and inserts them into another, without the rules of the ledger.
 * Every operation rejects with DatabaseUnavailable when the database cannot be reached, writes also with OutcomeUnknown.
 */
export type TableCopier = {
  /**
   * Runs `work` on all rows, read from one snapshot, and blocks no write. One page is in memory at a time.
   * @throws RangeError when a row holds an unsafe number, and what `work` throws
   */
  readAll<Result>(work: (rows: ReadRows) => Promise<Result>): Promise<Result>;
  /** How many rows a table has. Rejects with DatabaseUnavailable as well when the count takes too long. */
  count(table: TransferTable): Promise<number>;
  /** Inserts rows, none of which exists. When it fails, some of the first rows can be stored, but no row without all before it. */
  insert(table: TransferTable, rows: readonly TransferRow[]): Promise<void>;
  /** Marks the database as having an unfinished import, which `openDatabase` refuses, or removes the mark. */
  setUnfinished(isUnfinished: boolean): Promise<void>;
};
