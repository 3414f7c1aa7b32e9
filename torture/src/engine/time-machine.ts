import { setTimeout } from "node:timers/promises";
import type { Books } from "../checker/books.ts";
import type { JournalRow } from "../checker/rows.ts";

/** An hour in one step, and how much later it is by now than the database thinks. */
export const HOUR_MS = 3_600_000;

/** Between the last line of an hour and the next hour, and between that and its first line. */
const APART_MS = 5;

/**
 * Lets time pass for some accounts by moving every moment that the tables hold of them into the past. To the ledger
 * and to the stores that is the same as a clock that has gone on: what they compare is a moment in a row with the
 * database's clock. That clock stays what it is, so that neither production code nor a double of it has to know
 * about tests. The journal cannot be changed, and nothing is decided by its moments.
 */
export class TimeMachine {
  readonly #books: Books;
  readonly #prefix: string;
  /** When each hour began, by the database's clock. */
  readonly #beganMs: number[] = [];

  /** @param prefix how the names of the accounts begin. */
  constructor(books: Books, prefix: string) {
    this.#books = books;
    this.#prefix = prefix;
  }

  /** How much later it is now than the database thinks. */
  get aheadMs(): number {
    return Math.max(0, this.#beganMs.length - 1) * HOUR_MS;
  }

  /** When this hour began, in the model's time. */
  get nowMs(): number {
    return (this.#beganMs.at(-1) ?? 0) + this.aheadMs;
  }

  /** When this hour began, by the database's clock. */
  get beganMs(): number {
    return this.#beganMs.at(-1) ?? 0;
  }

  /** Begins the next hour; the first one begins now. Nothing may be under way. */
  async nextHour(): Promise<void> {
    if (this.#beganMs.length > 0) await this.#books.age(this.#prefix, HOUR_MS);
    // Lines of two hours never have the same moment, though a database's clock may go on in steps of ten milliseconds.
    const overMs = await this.#books.nowMs();
    let beganMs = overMs;
    while (beganMs < overMs + APART_MS) {
      await setTimeout(APART_MS);
      beganMs = await this.#books.nowMs();
    }
    this.#beganMs.push(beganMs);
    await setTimeout(APART_MS);
  }

  /** How much later it was when a line was written than the database thought. */
  aheadOf({ createdAtMs }: JournalRow): number {
    return (
      Math.max(
        0,
        this.#beganMs.findLastIndex((began) => began <= createdAtMs),
      ) * HOUR_MS
    );
  }
}
