import { setTimeout } from "node:timers/promises";
import type { JournalRow } from "@jifen/testkit/ledger-model";
import type { RawDatabase } from "../checker/raw-database.ts";

/** The length of one step of time. */
export const HOUR_MS = 3_600_000;

/** The pause before and after the start of an hour. */
const PAUSE_MS = 5;

/**
 * Lets time pass for some accounts by moving all times in their rows into the past. To the ledger and the stores this
 * equals a clock that moved forward, because they only compare times in rows with the database's clock. The clock itself
 * is not changed, so production code needs no test hook. The journal is immutable, and no decision depends on its times.
 */
export class TimeMachine {
  readonly #database: RawDatabase;
  readonly #prefix: string;
  /** The start of each hour by the database's clock. */
  readonly #startsMs: number[] = [];

  /** @param prefix the common prefix of the account ids. */
  constructor(database: RawDatabase, prefix: string) {
    this.#database = database;
    this.#prefix = prefix;
  }

  /** The model's clock minus the database's clock. */
  get clockOffsetMs(): number {
    return Math.max(0, this.#startsMs.length - 1) * HOUR_MS;
  }

  /** The start of this hour by the model's clock. */
  get nowMs(): number {
    return (this.#startsMs.at(-1) ?? 0) + this.clockOffsetMs;
  }

  /** The start of this hour by the database's clock. */
  get startMs(): number {
    return this.#startsMs.at(-1) ?? 0;
  }

  /** Begins the next hour; the first one begins now. No request may be running. */
  async nextHour(): Promise<void> {
    if (this.#startsMs.length > 0) await this.#database.shiftTimes(this.#prefix, HOUR_MS);
    // Entries of two hours never have the same time, even if a database's clock advances in steps of ten milliseconds.
    const endMs = await this.#database.nowMs();
    let startMs = endMs;
    while (startMs < endMs + PAUSE_MS) {
      await setTimeout(PAUSE_MS);
      startMs = await this.#database.nowMs();
    }
    this.#startsMs.push(startMs);
    await setTimeout(PAUSE_MS);
  }

  /** The model's clock minus the database's clock when an entry was written. */
  clockOffsetOf({ createdAtMs }: JournalRow): number {
    return (
      Math.max(
        0,
        this.#startsMs.findLastIndex((startMs) => startMs <= createdAtMs),
      ) * HOUR_MS
    );
  }
}
