import type { LeaseStore } from "@jifen/database";
import type { Logger } from "pino";

/** Work that the server does in the background, in one process at a time. */
export type Job = {
  /** Name of the lease, and label of the metrics. */
  readonly name: string;
  /** Pause after the last batch. */
  readonly intervalMs: number;
  /** How long the lease of a process that died keeps the others from the job; renewed three times as often. */
  readonly leaseMs: number;
  /**
   * Does a bounded amount of work. Two processes may do so concurrently when a lease ended during a batch, so a batch
   * must tolerate that. `signal` is aborted when the server stops.
   * @returns whether more work is waiting
   */
  runBatch(signal: AbortSignal): Promise<{ readonly isMore: boolean }>;
};

/** The state of a job in this process, for the metrics. */
export type JobStatus = {
  readonly name: string;
  /** Whether this process does the job. */
  readonly hasLease: boolean;
  /** Batches that succeeded. */
  readonly batches: number;
  /** Batches, and attempts to get the lease, that failed. */
  readonly failures: number;
  /** Time spent in batches. */
  readonly busySeconds: number;
  /** End of the last batch that succeeded; undefined before the first. */
  readonly lastSuccessAtMs: number | undefined;
};

/** What jobs are run with. */
export type JobDeps = {
  readonly leases: LeaseStore;
  /** Identifies this process; unique for each start. */
  readonly holder: string;
  readonly nowMs: () => number;
  /** From 0 to 1, for the jitter. */
  readonly random: () => number;
  readonly log: Logger;
};
