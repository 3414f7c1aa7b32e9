import type { RefusalCode } from "@jifen/contract";
import type { WrittenBatch } from "@jifen/database";
import { Counter, Histogram } from "prom-client";

/** What removed logs, or parts of them, are counted as. */
export type RemovedCounts = Partial<Record<"logs" | "months" | "details" | "keys", number>>;

/** Counts what is done with logs, for the metrics. */
export type LogMeter = {
  readonly metrics: readonly (Counter | Histogram)[];
  onBatch(batch: WrittenBatch): void;
  written(logs: number): void;
  replayed(logs: number): void;
  refused(code: RefusalCode, logs: number): void;
  removed(counts: RemovedCounts): void;
};

/** Creates the metrics of the call log. They are registered where the metrics of the process are served. */
export function createLogMeter(): LogMeter {
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [] });
  const written = counter("jifen_logs_written_total", "Call logs that were written.");
  const replayed = counter("jifen_logs_replayed_total", "Call logs that were written before, under the same key.");
  const refused = new Counter({
    name: "jifen_logs_refused_total",
    help: "Call logs that were refused, by the code of the refusal.",
    labelNames: ["code"],
    registers: [],
  });
  const batchSize = new Histogram({
    name: "jifen_log_batch_size",
    help: "Call logs in one transaction.",
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers: [],
  });
  const batchSeconds = new Histogram({
    name: "jifen_log_batch_seconds",
    help: "Seconds from the begin of a transaction that writes call logs to its end.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [],
  });
  const removed = {
    logs: counter("jifen_logs_removed_total", "Call logs that were removed because they have expired."),
    months: counter("jifen_log_months_dropped_total", "Months of call logs that were dropped as a whole."),
    details: counter("jifen_log_details_removed_total", "Call logs whose details were removed."),
    keys: counter("jifen_log_keys_removed_total", "Idempotency keys of expired call logs that were removed."),
  };
  return {
    metrics: [written, replayed, refused, batchSize, batchSeconds, ...Object.values(removed)],
    onBatch: ({ logs, seconds }) => {
      batchSize.observe(logs);
      batchSeconds.observe(seconds);
    },
    removed: (counts) => {
      for (const [name, count] of Object.entries(counts)) removed[name as keyof typeof removed].inc(count);
    },
    written: (logs) => written.inc(logs),
    replayed: (logs) => replayed.inc(logs),
    refused: (code, logs) => refused.inc({ code }, logs),
  };
}
