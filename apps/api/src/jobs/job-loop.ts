import { isInfrastructureError } from "@jifen/ledger";
import type { Job, JobDeps, JobStatus } from "./job.ts";

const RENEWALS_PER_LEASE = 3;
/** A batch that has run for so many leases gives its lease up: it may never end, and other processes do the job. */
const LEASES_PER_BATCH = 10;
/** Pauses vary by this share, so that processes that started together do not stay in step. */
const JITTER = 0.1;

/** Runs one job until it is stopped: takes its lease, renews it, and runs batches when the job is due. */
export class JobLoop {
  readonly #job: Job;
  readonly #deps: JobDeps;
  readonly #renewalMs: number;
  readonly #stopping = new AbortController();
  #ended: Promise<void> | undefined;
  #status: JobStatus;
  #dueAtMs = Number.NEGATIVE_INFINITY;
  #lastFailure: string | undefined;

  constructor(job: Job, deps: JobDeps) {
    this.#job = job;
    this.#deps = deps;
    this.#renewalMs = job.leaseMs / RENEWALS_PER_LEASE;
    this.#status = {
      name: job.name,
      hasLease: false,
      batches: 0,
      failures: 0,
      busySeconds: 0,
      lastSuccessAtMs: undefined,
    };
  }

  start(): void {
    this.#ended ??= this.#run();
  }

  get status(): JobStatus {
    return this.#status;
  }

  /** Lets the running batch finish, and releases the lease so that another process takes over immediately. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
    if (!this.#status.hasLease) return;
    const { log, leases, holder } = this.#deps;
    const { name } = this.#job;
    // Without a release the lease ends by itself.
    await leases
      .release({ name, holder })
      .catch((error: unknown) => log.debug({ err: error, job: name }, "no release"));
    this.#update({ hasLease: false });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#tryOnce();
      const untilDueMs = Math.max(this.#dueAtMs - this.#deps.nowMs(), 0);
      // An hourly job still renews its lease; a process without the lease, or after a failure, tries again soon.
      const waitsForDue = this.#status.hasLease && this.#lastFailure === undefined;
      const renewalMs = this.#jittered(this.#renewalMs);
      await pause(waitsForDue ? Math.min(untilDueMs, renewalMs) : renewalMs, signal);
    }
  }

  async #tryOnce(): Promise<void> {
    try {
      while (await this.#acquire()) {
        if (this.#deps.nowMs() < this.#dueAtMs || !(await this.#runBatch())) break;
      }
      if (this.#lastFailure !== undefined) this.#deps.log.info({ job: this.#job.name }, "background job works again");
      this.#lastFailure = undefined;
    } catch (error) {
      this.#fail(error);
    }
  }

  async #acquire(): Promise<boolean> {
    const { leases, holder, nowMs } = this.#deps;
    const now = nowMs();
    const hasLease = await leases.acquire({
      name: this.#job.name,
      holder,
      nowMs: now,
      untilMs: now + this.#job.leaseMs,
    });
    this.#update({ hasLease });
    return hasLease;
  }

  /** @returns whether another batch follows immediately */
  async #runBatch(): Promise<boolean> {
    const { signal } = this.#stopping;
    const { nowMs } = this.#deps;
    const startedAtMs = nowMs();
    // A failed renewal is reported by the next attempt; a batch that loses its lease may finish.
    const renewal = setInterval(() => void this.#acquire().catch(() => undefined), this.#renewalMs);
    const limit = setTimeout(() => {
      clearInterval(renewal);
      this.#update({ hasLease: false });
      const { name: job, leaseMs } = this.#job;
      const seconds = (LEASES_PER_BATCH * leaseMs) / 1_000;
      this.#deps.log.error({ job, seconds }, "background job does not end; another process takes over");
    }, LEASES_PER_BATCH * this.#job.leaseMs);
    try {
      const { isMore } = await this.#job.runBatch(signal);
      this.#update({ batches: this.#status.batches + 1, lastSuccessAtMs: nowMs() });
      if (!isMore) this.#dueAtMs = nowMs() + this.#jittered(this.#job.intervalMs);
      return isMore && !signal.aborted;
    } finally {
      clearInterval(renewal);
      clearTimeout(limit);
      this.#update({ busySeconds: this.#status.busySeconds + (nowMs() - startedAtMs) / 1_000 });
    }
  }

  /** Logs the first failure of each kind: a database that does not answer for an hour is one entry, not hundreds. */
  #fail(error: unknown): void {
    this.#update({ failures: this.#status.failures + 1 });
    const kind = kindOf(error);
    if (kind !== this.#lastFailure) {
      this.#deps.log.warn({ err: error, job: this.#job.name }, "background job failed; it will be tried again");
    }
    this.#lastFailure = kind;
  }

  #update(change: Partial<JobStatus>): void {
    this.#status = { ...this.#status, ...change };
  }

  #jittered(ms: number): number {
    return ms * (1 - JITTER + 2 * JITTER * this.#deps.random());
  }
}

/** A lost database shows as several errors (unavailable, circuit open, outcome unknown): one kind. */
function kindOf(error: unknown): string {
  if (isInfrastructureError(error)) return "database";
  return error instanceof Error ? error.name : String(error);
}

/** Resolves after this time, or when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.resolve();
  const end = () => resolve();
  const timer = setTimeout(end, ms);
  signal.addEventListener("abort", end);
  return promise.finally(() => {
    clearTimeout(timer);
    // The signal lives as long as the process: a listener that stays would be one more for every pause.
    signal.removeEventListener("abort", end);
  });
}
