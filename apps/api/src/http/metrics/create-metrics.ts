import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Deps } from "../deps.ts";
import { registerCommandMetrics } from "./command-metrics.ts";
import { registerDatabaseMetrics } from "./database-metrics.ts";
import { registerJobMetrics } from "./job-metrics.ts";
import { registerLogMetrics } from "./log-metrics.ts";
import { registerPaymentMetrics } from "./payment-metrics.ts";

/** The metrics of this process. */
export type Metrics = {
  readonly contentType: string;
  /** Reads all metrics in the Prometheus text format. */
  read(): Promise<string>;
};

type MetricsDeps = Pick<
  Deps,
  | "database"
  | "jobStatuses"
  | "refusalRecorder"
  | "commandLimiter"
  | "isStarting"
  | "isDraining"
  | "writeProblem"
  | "areLogsRefused"
  | "liveSubscribers"
  | "logMeter"
  | "paymentMeter"
  | "newUserMeter"
  | "unchargedMeter"
  | "callMeter"
  | "ledgerMeter"
  | "webhookMeter"
  | "exportCounts"
>;

/** Audits run in other processes: the result of the last one is read from the database at every scrape. */
export function createMetrics(deps: MetricsDeps): Metrics {
  const { database, jobStatuses, refusalRecorder, isStarting, isDraining, writeProblem } = deps;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerJobMetrics(registry, jobStatuses);
  registerCommandMetrics(registry, deps);
  registerDatabaseMetrics(registry, deps);
  registerLogMetrics(registry, deps);
  registerPaymentMetrics(registry, deps);
  for (const { metrics } of [
    refusalRecorder,
    deps.callMeter,
    deps.ledgerMeter,
    deps.webhookMeter,
    deps.newUserMeter,
    deps.unchargedMeter,
  ]) {
    for (const metric of metrics) registry.registerMetric(metric);
  }
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
  const ready = gauge(
    "jifen_ready",
    "1 if /readyz answers 200: the database can be written, and the server neither starts nor stops.",
  );
  const writable = gauge(
    "jifen_database_writable",
    "1 if the last check could write to the database, 0 if it answers and cannot be written.",
  );

  const subscribers = gauge("jifen_live_subscribers", "Open streams of live events of this process.");

  const refresh = async () => {
    subscribers.set(deps.liveSubscribers());
    const isWritable = writeProblem() === undefined;
    writable.set(isWritable ? 1 : 0);
    try {
      const run = await database.audit.lastRun();
      ready.set(isWritable && !isStarting() && !isDraining() ? 1 : 0);
      reachable.set(1);
      finished.set(run ? run.finishedAtMs / 1_000 : 0);
      differences.set(run?.differences ?? 0);
      accounts.set(run?.accounts ?? 0);
      transactions.set(run?.transactions ?? 0);
    } catch {
      reachable.set(0);
      ready.set(0);
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
