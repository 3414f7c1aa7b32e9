import { entryKinds } from "@jifen/core";
import type { LedgerStore, WriteSet } from "@jifen/ledger";
import { Counter, Histogram } from "prom-client";
import { observeCommits } from "./observe-commits.ts";

/** Counts what this process writes to the ledger, for the metrics. */
export type LedgerMeter = {
  readonly metrics: readonly (Counter | Histogram)[];
  /** The same ledger store, whose commits are counted and timed. */
  meter(store: LedgerStore): LedgerStore;
};

/** Creates the metrics. They are registered where the metrics of the process are served. */
export function createLedgerMeter(): LedgerMeter {
  const registers: [] = [];
  const entries = new Counter({
    ...{ name: "jifen_entries_total", labelNames: ["kind"], registers },
    help: "Ledger entries that this process has written, by kind.",
  });
  const credits = new Counter({
    ...{ name: "jifen_entry_credits_total", labelNames: ["kind"], registers },
    help: "Credits of these entries, by kind: consume and capture are spent, grant is new.",
  });
  const seconds = new Histogram({
    ...{ name: "jifen_commit_seconds", registers },
    help: "Time of a batch of ledger commands in the database, retries after conflicts included.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  });
  for (const kind of entryKinds) {
    entries.inc({ kind }, 0);
    credits.inc({ kind }, 0);
  }
  const count = ({ entries: written }: WriteSet) => {
    // A batch has up to a thousand entries, most of them of one kind.
    for (const [kind, some] of Map.groupBy(written, (entry) => entry.kind)) {
      entries.inc({ kind }, some.length);
      credits.inc(
        { kind },
        some.reduce((sum, { amount }) => sum + amount, 0),
      );
    }
  };
  return {
    metrics: [entries, credits, seconds],
    meter: (store) => {
      const observed = observeCommits(store, count);
      return {
        ...observed,
        commit: async (readSet, decide) => {
          const startedMs = performance.now();
          try {
            return await observed.commit(readSet, decide);
          } finally {
            seconds.observe((performance.now() - startedMs) / 1_000);
          }
        },
      };
    },
  };
}
