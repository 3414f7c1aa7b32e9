import { setTimeout } from "node:timers/promises";
import { type JournalRow, startingWith } from "../judge/rows.ts";
import type { Sql } from "../judge/sql.ts";

/** An hour in one step, and how much later it is by now than the database thinks. */
export const HOUR_MS = 3_600_000;

/**
 * Lets time pass for some accounts by moving every moment that the tables hold of them into the past. To the ledger
 * and to the stores that is the same as a clock that has gone on: what they compare is a moment in a row with the
 * database's clock. That clock stays what it is, so that neither production code nor a double of it has to know
 * about tests. The journal cannot be changed, and nothing is decided by its moments.
 */
export class TimeMachine {
  readonly #sql: Sql;
  readonly #prefix: string;
  /** When each hour began, by the database's clock. */
  readonly #beganMs: number[] = [];

  /** @param prefix how the names of the accounts begin. */
  constructor(sql: Sql, prefix: string) {
    this.#sql = sql;
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
    if (this.#beganMs.length > 0) await this.#shift();
    // Lines of two hours never have the same moment.
    await setTimeout(5);
    this.#beganMs.push(await this.#sql.nowMs());
    await setTimeout(5);
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

  async #shift(): Promise<void> {
    const { query } = this.#sql;
    const of = (column: string) => startingWith(column, this.#prefix);
    await query(`UPDATE accounts SET next_due_ms = next_due_ms - ${HOUR_MS} ${of("id")} AND next_due_ms IS NOT NULL`);
    const grants = `created_at_ms = created_at_ms - ${HOUR_MS}, expires_at_ms = expires_at_ms - ${HOUR_MS}`;
    await query(`UPDATE grants SET ${grants} ${of("account_id")}`);
    const holds = `${grants}, resolved_at_ms = resolved_at_ms - ${HOUR_MS}`;
    await query(`UPDATE holds SET ${holds} ${of("account_id")}`);
  }
}
