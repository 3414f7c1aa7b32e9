import { hash } from "node:crypto";
import type { TransferRow } from "./table-copier.ts";
import type { TransferTable } from "./tables.ts";

/** What can be compared of a table, wherever it is and in whatever order its rows come. */
export type TableSummary = {
  readonly rows: number;
  /** By column, as decimal text. */
  readonly sums: Readonly<Record<string, string>>;
  /** The sum of the SHA-256 of every row's JSON text, modulo 2^256, in hexadecimal digits: no row, all zeros. */
  readonly digest: string;
};

const MODULUS = 2n ** 256n;

/** Sums up a table, page by page. */
export class TableDigest {
  readonly #sums: Map<string, bigint>;
  readonly #places: ReadonlyMap<string, number>;
  #digest = 0n;
  #rows = 0;

  constructor(table: TransferTable) {
    const names = table.columns.map(([name]) => name);
    this.#places = new Map(table.sums.map((name) => [name, names.indexOf(name)]));
    this.#sums = new Map(table.sums.map((name) => [name, 0n]));
  }

  get rows(): number {
    return this.#rows;
  }

  add(rows: readonly TransferRow[]): void {
    for (const row of rows) {
      this.#digest += BigInt(`0x${hash("sha256", JSON.stringify(row))}`);
      for (const [name, place] of this.#places) {
        this.#sums.set(name, (this.#sums.get(name) ?? 0n) + BigInt(row[place] ?? 0));
      }
    }
    this.#digest %= MODULUS;
    this.#rows += rows.length;
  }

  summary(): TableSummary {
    const sums = Object.fromEntries([...this.#sums].map(([name, sum]) => [name, String(sum)]));
    return { rows: this.#rows, sums, digest: this.#digest.toString(16).padStart(64, "0") };
  }
}
