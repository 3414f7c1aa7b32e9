import type { Database } from "@jifen/database";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { JobStatus } from "../../jobs/job.ts";
import { registerJobMetrics } from "./job-metrics.ts";

/** The metrics of this process. */
export type Metrics = {
  readonly contentType: string;
  /** Reads all metrics in the Prometheus text format. */
  read(): Promise<string>;
};

/** Audits run in other processes: the result of the last one is read from the database at every scrape. */
export function createMetrics({ audit }: Pick<Database, "audit">, jobStatuses: () => readonly JobStatus[]): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerJobMetrics(registry, jobStatuses);
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const differences = gauge(
    "jifen_audit_differences",
    "Differences found by the last audit of all accounts. Above 0 the ledger is inconsistent.",
  );
  const accounts = gauge("jifen_audit_accounts", "Accounts checked by the last audit.");
  const transactions = gauge("jifen_audit_transactions", "Transactions checked by the last audit.");
  const finished = gauge(
    "jifen_audit_finished_timestamp_seconds",
    "Unix time at which the last audit of all accounts finished. 0 if no audit has run.",
  );
  const reachable = gauge(
    "jifen_database_up",
    "1 if the database responded at this scrape, else 0; the audit metrics then keep their last values.",
  );

  const refresh = async () => {
    try {
      const run = await audit.lastRun();
      reachable.set(1);
      finished.set(run ? run.finishedAtMs / 1_000 : 0);
      differences.set(run?.differences ?? 0);
      accounts.set(run?.accounts ?? 0);
      transactions.set(run?.transactions ?? 0);
    } catch {
      reachable.set(0);
    }
  };
  return {
    contentType: registry.contentType,
    read: async () => {
      await refresh();
      return registry.metrics();
    },
  };
}
