import type { Database } from "@jifen/database";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** Everything that is measured. */
export type Metrics = {
  readonly contentType: string;
  /** In the words of Prometheus. */
  read(): Promise<string>;
};

/** Audits run in processes of their own: the database knows the last one, and is asked whenever somebody reads. */
export function createMetrics({ audit }: Pick<Database, "audit">): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const differences = gauge(
    "jifen_audit_differences",
    "Differences that the last audit of all accounts found; above 0 the books are wrong.",
  );
  const accounts = gauge("jifen_audit_accounts", "Accounts that the last audit looked at.");
  const transactions = gauge("jifen_audit_transactions", "Transactions that the last audit looked at.");
  const finished = gauge(
    "jifen_audit_finished_timestamp_seconds",
    "When the last audit of all accounts ended; 0 when there was none.",
  );
  const reachable = gauge("jifen_database_up", "1 when the database answered, else 0 and the rest is as it was last.");

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
