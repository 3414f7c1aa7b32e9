import { Counter, Gauge, type Registry } from "prom-client";
import type { JobStatus } from "../../jobs/job.ts";

const labelNames = ["job"] as const;

/** Registers the metrics of the background jobs; each scrape reads their current state. */
export function registerJobMetrics(registry: Registry, statuses: () => readonly JobStatus[]): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: (status: JobStatus) => number | undefined) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        for (const status of statuses()) {
          const value = read(status);
          if (value !== undefined) this.set({ job: status.name }, value);
        }
      },
    });
  const counter = (name: string, help: string, read: (status: JobStatus) => number) =>
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const status of statuses()) this.inc({ job: status.name }, read(status));
      },
    });
  gauge("jifen_job_has_lease", "1 if this process runs the job, 0 if another process does.", ({ hasLease }) =>
    Number(hasLease),
  );
  gauge(
    "jifen_job_last_success_age_seconds",
    "Seconds since a batch of the job last succeeded in this process; absent before the first.",
    ({ lastSuccessAtMs }) => lastSuccessAtMs && (Date.now() - lastSuccessAtMs) / 1_000,
  );
  counter("jifen_job_batches_total", "Batches of the job that succeeded.", ({ batches }) => batches);
  counter("jifen_job_failures_total", "Batches and lease attempts of the job that failed.", ({ failures }) => failures);
  counter("jifen_job_busy_seconds_total", "Seconds spent in batches of the job.", ({ busySeconds }) => busySeconds);
}
