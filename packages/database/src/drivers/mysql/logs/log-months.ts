import { afterConnectionLoss } from "../../../errors/failure.ts";
import type { LogBackend } from "../../../logs/log-backend.ts";
import { idBound, type Month, monthOf } from "../../../logs/months.ts";
import type { Pool } from "../pool.ts";

/** How long the end of the partitions is believed when a log is behind it. */
const FRESH_MS = 1_000;

/** Another process has made a partition: of the same name, or one that ends later. */
const madeByAnother = new Set([1493, 1517]);

/** How often a process tries to make partitions while others make some. */
const MAX_ATTEMPTS = 5;

/**
 * Partitions of `call_logs` by month. The server adds partitions only at the upper end, so logs from before the first month
 * are in its partition. Another process may make or drop some at any time.
 */
export function createLogMonths(pool: Pick<Pool, "query">): Pick<LogBackend, "hasPlaceFor" | "makePlacesFor"> {
  let endMs = Number.NEGATIVE_INFINITY;
  let read: { readonly atMs: number; readonly end: Promise<void> } | undefined;
  const readEnd = async () => {
    const rows = await pool
      .query<{ name: string }[]>(
        "SELECT PARTITION_NAME AS name FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'call_logs'",
      )
      .catch(afterConnectionLoss("nothing written"));
    endMs = Math.max(Number.NEGATIVE_INFINITY, ...rows.map(({ name }) => endOf(name)));
  };
  const readIfStale = () => {
    // One read serves all logs of a batch.
    if (!read || performance.now() - read.atMs > FRESH_MS) read = { atMs: performance.now(), end: readEnd() };
    return read.end;
  };
  const makeMissing = async (months: readonly Month[]) => {
    const partitions = months.map(({ name, endMs: end }) => `PARTITION m${name} VALUES LESS THAN ('${idBound(end)}')`);
    await pool.query(`ALTER TABLE call_logs ADD PARTITION (${partitions.join(", ")})`).catch((error: unknown) => {
      if (!madeByAnother.has(Number((error as { errno?: unknown }).errno)))
        afterConnectionLoss("may be written")(error);
    });
  };
  return {
    hasPlaceFor: async (timeMs) => {
      if (timeMs >= endMs) await readIfStale();
      return timeMs < endMs;
    },
    makePlacesFor: async (timesMs) => {
      for (let attempts = 0; ; attempts += 1) {
        await readEnd();
        const missing = monthsBetween(endMs, timesMs);
        if (missing.length === 0) return;
        if (attempts === MAX_ATTEMPTS) throw new Error("the partitions of call_logs cannot be added");
        await makeMissing(missing);
      }
    },
  };
}

/** The end of the month in the name of a partition; of the partition `none`, long ago. */
function endOf(name: string): number {
  const [, year, month] = /^m(\d{4})_(\d\d)$/.exec(name) ?? [];
  return year === undefined ? Number.NEGATIVE_INFINITY : Date.UTC(Number(year), Number(month));
}

/** The months from the end of the partitions, or from the first time if there are none, to the last time. */
function monthsBetween(endMs: number, timesMs: readonly number[]): readonly Month[] {
  const last = timesMs.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  const months: Month[] = [];
  const first = Number.isFinite(endMs) ? endMs : timesMs.reduce((one, other) => Math.min(one, other), last);
  for (let month = monthOf(first); month.beginMs <= last; month = monthOf(month.endMs)) months.push(month);
  return months;
}
