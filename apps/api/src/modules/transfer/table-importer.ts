import {
  type TableCopier,
  TableDigest,
  type TableSummary,
  type TransferRow,
  type TransferTable,
} from "@jifen/database";
import { TransferError } from "./transfer-error.ts";

/** Limits of one insert: rows, and characters of text in them. */
const BATCH = { rows: 1_000, characters: 4_000_000 };

/** What a table is imported with. */
export type TableImporterOptions = {
  readonly tableCopier: TableCopier;
  readonly table: TransferTable;
  /** The rows that an earlier, interrupted import left in the target. */
  readonly existing: TableSummary;
  /** Receives the number of rows that are in the target, whether this import wrote them or an earlier one. */
  readonly onRows: (count: number) => void;
};

/** Imports one table: compares the first rows with those that exist already, and inserts the others. */
export class TableImporter {
  readonly #options: TableImporterOptions;
  readonly #digest: TableDigest;
  #batch: TransferRow[] = [];
  #characters = 0;

  constructor(options: TableImporterOptions) {
    this.#options = options;
    this.#digest = new TableDigest(options.table);
  }

  /** Takes the next rows of the source, in its order. @throws TransferError when the existing rows are others */
  async add(rows: readonly TransferRow[]): Promise<void> {
    const expected = Math.max(0, this.#options.existing.rows - this.#digest.rows);
    if (expected > 0) {
      const first = rows.slice(0, expected);
      this.#digest.add(first);
      this.#options.onRows(first.length);
      if (first.length === expected) this.#assertSameAsExisting();
    }
    const added = rows.slice(expected);
    this.#digest.add(added);
    for (const row of added) await this.#insert(row);
  }

  /** Inserts the last rows. @returns the summary of all rows of the source */
  async finish(): Promise<TableSummary> {
    await this.#flush();
    if (this.#digest.rows <= this.#options.existing.rows) this.#assertSameAsExisting();
    return this.#digest.summary();
  }

  async #insert(row: TransferRow): Promise<void> {
    this.#batch.push(row);
    for (const value of row) if (typeof value === "string") this.#characters += value.length;
    if (this.#batch.length >= BATCH.rows || this.#characters >= BATCH.characters) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    const rows = this.#batch;
    this.#batch = [];
    this.#characters = 0;
    const { tableCopier, table, onRows } = this.#options;
    await tableCopier.insert(table, rows);
    onRows(rows.length);
  }

  /** Compares the existing rows with as many rows of the source. */
  #assertSameAsExisting(): void {
    const { table, existing } = this.#options;
    if (this.#digest.summary().digest === existing.digest) return;
    throw new TransferError(
      `The rows that an earlier import left in ${table.name} differ from the source: the source has changed, or it is another source. Start with an empty database. 目标数据库中已有的内容与来源不一致，请改用空数据库重新导入。`,
    );
  }
}
