import type { Job, JobDeps, JobStatus } from "./job.ts";
import { JobLoop } from "./job-loop.ts";

/** The background jobs of this process. */
export type JobRunner = {
  start(): void;
  statuses(): readonly JobStatus[];
  /** Stops all jobs after their running batches, or after `STOP_TIMEOUT_MS`. */
  stop(): Promise<void>;
};

/** The server stops within 25 seconds; a batch that takes longer than this ends with the process. */
const STOP_TIMEOUT_MS = 20_000;

/** Runs jobs. Several processes may run the same jobs: the lease of a job lets one of them do it. */
export function createJobRunner(jobs: readonly Job[], deps: JobDeps): JobRunner {
  const loops = jobs.map((job) => new JobLoop(job, deps));
  return {
    start: () => {
      for (const loop of loops) loop.start();
    },
    statuses: () => loops.map(({ status }) => status),
    stop: async () => {
      const { promise: timeout, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(() => {
        deps.log.warn("background jobs did not stop in time");
        resolve();
      }, STOP_TIMEOUT_MS);
      await Promise.race([Promise.all(loops.map((loop) => loop.stop())), timeout]);
      clearTimeout(timer);
    },
  };
}
