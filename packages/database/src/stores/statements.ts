import { type AccountId, invariant } from "@jifen/core";
import { isInfrastructureError } from "@jifen/ledger";
import type { Records } from "../records/records.ts";
import { type Bounds, findBounds, type Month, readKeptBounds } from "./statement-bounds.ts";
import type { JournalPoint, StatementReads } from "./statement-reads.ts";
import { GrowingSums, netOf, type StatementSums } from "./statement-sums.ts";

/** A month of an account as its journal has it. */
export type AccountStatement = {
  /** Where the journal was before the month. */
  readonly opening: JournalPoint;
  /** Where it was at the end of the month, or is now. */
  readonly closing: JournalPoint;
  readonly sums: StatementSums;
  /** Whether the month is over and no entry can be added to it. */
  readonly isFinal: boolean;
};

/** Statements of accounts. They come from the journal alone. */
export type StatementStore = {
  /**
   * Computes the statement of a month, or reads the one that is kept. Expirations that are not booked are not in it: bring
   * the account up to date before, which gives `nowMs`, the time of the database's clock.
   * Rejects with DatabaseUnavailable when the database cannot be reached.
   */
  read(accountId: AccountId, month: Month, nowMs: number): Promise<AccountStatement>;
};

/**
 * How long after its end a month is final. An entry has the time at which it was decided, and is there when its COMMIT is
 * done, or when the next batch has repeated it; and the clock of a database that takes over after a failure can be behind.
 */
export const SETTLED_AFTER_MS = 15 * 60_000;

/** How many entries one statement adds up: on SQLite it occupies the process for some milliseconds. */
const SLICE = 5_000;

/**
 * Statements on any database.
 *
 * A month that is final is kept: entries are never changed or deleted (M13), and a new one has the time of the database's
 * clock, which has passed the month. Only the sums are kept. The bounds are read each time with the entries next to them, so
 * that a month to which an entry was added after all (by a clock that was set back for longer, a COMMIT that was decided
 * hours later, a restored backup) is computed again. Then a statement is always that of the journal, kept or not.
 */
export const createStatementStore = (records: Records, reads: StatementReads): StatementStore => ({
  read: async (accountId, month, nowMs) => {
    const key = { accountId, ...month };
    const kept = await records.get("statements", key);
    const keptBounds = kept && (await readKeptBounds(reads, accountId, { ...kept, ...month }));
    if (kept && keptBounds) return { ...keptBounds, sums: JSON.parse(kept.sums) as StatementSums, isFinal: true };
    const bounds = await findBounds(reads, accountId, month);
    const sums = await addUp(reads, accountId, bounds);
    const isFinal = nowMs >= month.toMs + SETTLED_AFTER_MS;
    const [openingSequence, closingSequence] = [bounds.opening.sequence, bounds.closing.sequence];
    // A month without entries costs as little to compute as to read, and there is no end of such months.
    if (isFinal && closingSequence > openingSequence) {
      const bounded = { openingSequence, closingSequence };
      const row = { ...key, ...bounded, sums: JSON.stringify(sums), createdAtMs: nowMs };
      // A database that cannot be written is read all the same: the next read computes the month again.
      await records.put("statements", row).catch((error: unknown) => {
        if (!isInfrastructureError(error)) throw error;
      });
    }
    return { ...bounds, sums, isFinal };
  },
});

async function addUp(
  reads: StatementReads,
  accountId: AccountId,
  { opening, closing }: Bounds,
): Promise<StatementSums> {
  const growing = new GrowingSums();
  for (let after = opening.sequence; after < closing.sequence; after += SLICE) {
    growing.add(await reads.sumsOf(accountId, { after, through: Math.min(after + SLICE, closing.sequence) }));
  }
  const sums = growing.sums();
  const [before, now] = [opening.balance + opening.held, closing.balance + closing.held];
  invariant(
    before + netOf(sums) === now,
    `account ${accountId}: ${before} and the entries after ${opening.sequence} are not the ${now} at ${closing.sequence}`,
  );
  return sums;
}
