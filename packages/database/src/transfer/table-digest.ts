import { hash } from "node:crypto";
import type { TransferRow } from "./table-copier.ts";
import type { TransferTable } from "./tables.ts";

/** A summary of a table that does not depend on the database or on the order of the rows. */
export type TableSummary = {
  readonly rows: number;
  /** By column, as decimal text. */
  readonly sums: Readonly<Record<string, string>>;
  /** The sum of the SHA-256 of every row's JSON text, modulo 2^256, in hexadecimal digits; zeros for no row. */
  readonly digest: string;
};

const MODULUS = 2n ** 256n;

/** Computes the summary of a table, page by page. */
export class TableDigest {
  readonly #sums: Map<string, bigint>;
  readonly #positions: ReadonlyMap<string, number>;
  #digest = 0n;
  #rows = 0;

  constructor(table: TransferTable) {
    const names = table.columns.map(([name]) => name);
    this.#positions = new Map(table.sums.map((name) => [name, names.indexOf(name)]));
    this.#sums = new Map(table.sums.map((name) => [name, 0n]));
  }

  get rows(): number {
    return this.#rows;
  }

  add(rows: readonly TransferRow[]): void {
    for (const row of rows) {
      this.#digest += BigInt(`0x${hash("sha256", JSON.stringify(row))}`);
      for (const [name, position] of this.#positions) {
        this.#sums.set(name, (this.#sums.get(name) ?? 0n) + BigInt(row[position] ?? 0));
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
