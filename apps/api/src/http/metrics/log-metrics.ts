import type { Database } from "@jifen/database";
import { Counter, Gauge, type Registry } from "prom-client";
import type { Deps } from "../deps.ts";
import { cachedFor } from "./cached-for.ts";

/** How long the first entry that is not in the sums of credits is believed: finding it looks at every account. */
const LAG_FRESH_MS = 30_000;

type LogMetricsDeps = Pick<Deps, "logMeter" | "areLogsRefused" | "exportCounts"> & {
  readonly database: Pick<Database, "logs" | "spend">;
};

/** Registers the metrics of the call log; each scrape reads the current state. A value that cannot be read is left out. */
export function registerLogMetrics(registry: Registry, deps: LogMetricsDeps): void {
  const { logMeter, areLogsRefused, exportCounts, database } = deps;
  for (const metric of logMeter.metrics) registry.registerMetric(metric);
  const gauge = (name: string, help: string, read: () => Promise<number | undefined>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const value = await read().catch(() => undefined);
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  gauge(
    "jifen_logs_refused_for_disk",
    "1 while logs are refused to keep the rest of the disk free for credits and administration, else 0.",
    async () => Number(areLogsRefused()),
  );
  gauge("jifen_logs_waiting", "Call logs that wait to be written.", () => database.logs.waiting());
  gauge(
    "jifen_log_months_ahead",
    "Months after the present one that have a partition for call logs, 12 at most; absent where there are no partitions.",
    () => database.logs.monthsAhead(Date.now()),
  );
  registerExportMetrics(registry, exportCounts);
  const firstUnfedMs = cachedFor(LAG_FRESH_MS, () => database.spend.firstUnfedMs());
  gauge(
    "jifen_spend_sums_lag_seconds",
    "Age of the first charge or refund that is not in the sums of credits; 0 when all are.",
    async () => {
      const firstMs = await firstUnfedMs();
      return firstMs === undefined ? 0 : Math.max(0, (Date.now() - firstMs) / 1_000);
    },
  );
}

/** Files of logs and transactions. */
function registerExportMetrics(registry: Registry, counts: Deps["exportCounts"]): void {
  const registers = [registry];
  new Gauge({
    ...{ name: "jifen_exports_running", help: "Files that are being sent.", registers },
    collect() {
      this.set(counts().running);
    },
  });
  const counter = (name: string, help: string, read: (counts: ReturnType<Deps["exportCounts"]>) => number) =>
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset();
        this.inc(read(counts()));
      },
    });
  counter("jifen_exports_total", "Files that were begun.", ({ started }) => started);
  counter("jifen_exports_failed_total", "Files that broke off on the side of the server.", ({ failed }) => failed);
  counter("jifen_export_rows_total", "Rows of files that were sent.", ({ rowsSent }) => rowsSent);
}
