import type pg from "pg";
import { afterConnectionLoss } from "../../../errors/failure.ts";
import { idBound, type Month, monthOf } from "../../../logs/months.ts";

/** How long the list of partitions is believed when a month is missing from it. */
const FRESH_MS = 1_000;

/** The partitions of `call_logs`. */
export type LogMonths = {
  /** Whether the month of this time has a partition. */
  has(timeMs: number): Promise<boolean>;
  /** Makes the partitions of the months of these times that are missing. @throws DatabaseUnavailable, also without the right */
  make(timesMs: readonly number[]): Promise<void>;
  /** Looks for the partitions again. */
  forget(): void;
};

/** Partitions by month. Another process may make or drop some at any time. */
export function createLogMonths(pool: Pick<pg.ClientBase, "query">): LogMonths {
  let known: ReadonlySet<string> = new Set();
  let lastRead: { readonly atMs: number; readonly done: Promise<void> } | undefined;
  const read = async () => {
    const { rows } = await pool
      .query<{ name: string }>({
        name: "log-months",
        // A month that is being dropped takes no logs. PostgreSQL before 14 does not have the column.
        text: `SELECT relname AS name FROM pg_inherits AS i JOIN pg_class ON pg_class.oid = inhrelid
          WHERE inhparent = 'call_logs'::regclass AND to_jsonb(i) ->> 'inhdetachpending' IS DISTINCT FROM 'true'`,
      })
      .catch(afterConnectionLoss("nothing written"));
    known = new Set(rows.map(({ name }) => name));
  };
  const readIfStale = () => {
    // One read serves all logs of a batch.
    if (!lastRead || performance.now() - lastRead.atMs > FRESH_MS) lastRead = { atMs: performance.now(), done: read() };
    return lastRead.done;
  };
  const has = async (timeMs: number) => {
    const table = tableOf(monthOf(timeMs));
    if (!known.has(table)) await readIfStale();
    return known.has(table);
  };
  return {
    has,
    forget: () => {
      known = new Set();
      lastRead = undefined;
    },
    make: async (timesMs) => {
      const months = new Map(timesMs.map((timeMs) => [monthOf(timeMs).name, monthOf(timeMs)]));
      await read();
      const missing = [...months.values()].filter((month) => !known.has(tableOf(month)));
      for (const month of missing) await pool.query(createMonth(month)).catch(afterConnectionLoss("may be written"));
      if (missing.length > 0) await read();
    },
  };
}

const tableOf = ({ name }: Month): string => `call_logs_${name}`;

/** Under a lock: of two processes that create a partition concurrently, one would fail in the catalog. */
const createMonth = (month: Month): string => `DO $$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('jifen log months'));
  CREATE TABLE IF NOT EXISTS ${tableOf(month)} PARTITION OF call_logs
    FOR VALUES FROM ('${idBound(month.beginMs)}') TO ('${idBound(month.endMs)}');
END $$`;
