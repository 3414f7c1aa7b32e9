import {
  type Database,
  type TableCopier,
  TableDigest,
  type TableSummary,
  type TransferRow,
  type TransferTable,
  transferTables,
} from "@jifen/database";
import { byTable } from "./file-format.ts";
import type { Page } from "./read-export.ts";
import { TransferError } from "./transfer-error.ts";

/** How many rows are written at once, and how many characters of text they may have together. */
const BATCH = { rows: 1_000, characters: 4_000_000 };

/** A table on both sides. */
export type TableComparison = { readonly table: string; readonly from: TableSummary; readonly to: TableSummary };

/** How to import. */
export type ImportOptions = {
  readonly target: Database;
  /** Whether an import into it was begun before. */
  readonly isBegun: boolean;
  /** All rows, table by table in the order of `movedTables`, each time the same. */
  readonly pages: AsyncIterable<Page>;
  /** Hears of rows that are there; some were there before. */
  readonly onRows: (count: number) => void;
};

/**
 * Puts everything into an empty database, or goes on where an earlier run stopped: rows are written in the order in which
 * they come, so what is there has to be the beginning of what comes. The database stays marked until `finishImport`.
 * @returns what came, by table
 * @throws MoveRefused when something else is in the target
 */
export async function runImport(options: ImportOptions): Promise<ReadonlyMap<string, TableSummary>> {
  const { target, isBegun, pages } = options;
  const there = await summariesOf(target.tableCopier);
  const isEmpty = [...there.values()].every(({ rows }) => rows === 0);
  if (!isEmpty && !isBegun) {
    throw new TransferError(
      "The target is not empty: name a database in which nothing is. 目标数据库不是空的，请使用空数据库。",
    );
  }
  if (!isBegun) await target.tableCopier.setUnfinished(true);
  const filling = byTable((table) => new Filling(table, there.get(table.name) as TableSummary, options));
  for await (const { table, rows } of pages) await filling.get(table.name)?.take(rows);
  const came = new Map<string, TableSummary>();
  for (const [name, each] of filling) came.set(name, await each.finish());
  return came;
}

/** Compares what came with what is there, table by table. */
export async function compareWith(
  came: ReadonlyMap<string, TableSummary>,
  target: TableCopier,
): Promise<readonly TableComparison[]> {
  const there = await summariesOf(target);
  return [...came].map(([table, from]) => ({ table, from, to: there.get(table) as TableSummary }));
}

/** Whether a table is the same on both sides. */
export const isSame = ({ from, to }: TableComparison): boolean => JSON.stringify(from) === JSON.stringify(to);

/** Sums up what a database holds, as of one moment. */
const summariesOf = (tableCopier: TableCopier): Promise<ReadonlyMap<string, TableSummary>> =>
  tableCopier.readAll(async (rows) => {
    const summaries = new Map<string, TableSummary>();
    for (const table of transferTables) {
      const summing = new TableDigest(table);
      for await (const page of rows(table)) summing.add(page);
      summaries.set(table.name, summing.summary());
    }
    return summaries;
  });

/** One table on its way: the first rows may be there already, the others are written. */
class Filling {
  readonly #table: TransferTable;
  readonly #there: TableSummary;
  readonly #options: ImportOptions;
  readonly #summing: TableDigest;
  #waiting: TransferRow[] = [];
  #characters = 0;

  constructor(table: TransferTable, there: TableSummary, options: ImportOptions) {
    this.#table = table;
    this.#there = there;
    this.#options = options;
    this.#summing = new TableDigest(table);
  }

  async take(rows: readonly TransferRow[]): Promise<void> {
    const missing = Math.max(0, this.#there.rows - this.#summing.rows);
    if (missing > 0) {
      const known = rows.slice(0, missing);
      this.#summing.add(known);
      this.#options.onRows(known.length);
      if (known.length === missing) this.#expectTheSame();
    }
    const added = rows.slice(missing);
    this.#summing.add(added);
    for (const row of added) await this.#write(row);
  }

  async finish(): Promise<TableSummary> {
    await this.#flush();
    if (this.#summing.rows <= this.#there.rows) this.#expectTheSame();
    return this.#summing.summary();
  }

  async #write(row: TransferRow): Promise<void> {
    this.#waiting.push(row);
    for (const value of row) if (typeof value === "string") this.#characters += value.length;
    if (this.#waiting.length >= BATCH.rows || this.#characters >= BATCH.characters) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const rows = this.#waiting;
    this.#waiting = [];
    this.#characters = 0;
    await this.#options.target.tableCopier.insert(this.#table, rows);
    this.#options.onRows(rows.length);
  }

  /** What is there and as many of those that came. */
  #expectTheSame(): void {
    if (this.#summing.summary().digest === this.#there.digest) return;
    throw new TransferError(
      `What an earlier import left in ${this.#table.name} is not the beginning of what comes now: the source has changed, or is another one. Begin with an empty database. 目标数据库中已有的内容与来源不一致，请改用空数据库重新导入。`,
    );
  }
}
