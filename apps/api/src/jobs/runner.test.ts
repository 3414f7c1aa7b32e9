import type { LeaseStore } from "@jifen/database";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Job } from "./job.ts";
import { createJobRunner, type JobRunner } from "./runner.ts";

const INTERVAL_MS = 5_000;
const LEASE_MS = 15_000;

/** Leases in memory, by the rules of the port. */
function createLeases(): LeaseStore & { readonly holderOf: (name: string) => string | undefined } {
  const leases = new Map<string, { readonly holder: string; readonly untilMs: number }>();
  return {
    acquire: async ({ name, holder, nowMs, untilMs }) => {
      const lease = leases.get(name);
      const isFree = lease === undefined || lease.holder === holder || lease.untilMs <= nowMs;
      if (isFree) leases.set(name, { holder, untilMs });
      return isFree;
    },
    release: async ({ name, holder }) => {
      if (leases.get(name)?.holder === holder) leases.delete(name);
    },
    holderOf: (name) => leases.get(name)?.holder,
  };
}

/** A log whose entries a test reads. */
function createLog() {
  const entries: { readonly level: number; readonly msg: string }[] = [];
  return { entries, log: pino({}, { write: (line) => void entries.push(JSON.parse(line)) }) };
}

describe("the job runner", () => {
  let leases: ReturnType<typeof createLeases>;
  let logged: ReturnType<typeof createLog>;
  let ran: string[];

  beforeEach(() => {
    vi.useFakeTimers();
    leases = createLeases();
    logged = createLog();
    ran = [];
  });
  afterEach(() => vi.useRealTimers());

  const processWith = (holder: string, change: Partial<Job> = {}, random = 0.5): JobRunner => {
    const runBatch = async () => {
      ran.push(holder);
      return { isMore: false };
    };
    const job = { name: "job", intervalMs: INTERVAL_MS, leaseMs: LEASE_MS, runBatch, ...change };
    return createJobRunner([job], { leases, holder, nowMs: Date.now, random: () => random, log: logged.log });
  };
  const start = async (holder: string, change?: Partial<Job>, random?: number): Promise<JobRunner> => {
    const runner = processWith(holder, change, random);
    runner.start();
    await vi.advanceTimersByTimeAsync(0);
    return runner;
  };

  test("runs a job immediately after the start, and then once per interval", async () => {
    await start("a");
    expect(ran).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(INTERVAL_MS - 1);
    expect(ran).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3 * INTERVAL_MS + 1);
    expect(ran).toHaveLength(5);
  });

  test.each([
    { random: 0, factor: 0.9 },
    { random: 1, factor: 1.1 },
  ])(
    "varies the interval by a tenth: a random number of $random makes it $factor times as long",
    async ({ random, factor }) => {
      await start("a", {}, random);
      await vi.advanceTimersByTimeAsync(INTERVAL_MS * factor - 1);
      const before = ran.length;
      await vi.advanceTimersByTimeAsync(2);
      expect([before, ran.length]).toEqual([1, 2]);
    },
  );

  test("runs the next batch without a pause while more work is waiting", async () => {
    let left = 4;
    const runner = await start("a", {
      runBatch: async () => {
        left -= 1;
        return { isMore: left > 0 };
      },
    });
    expect(left).toBe(0);
    expect(runner.statuses()).toMatchObject([{ batches: 4, failures: 0, hasLease: true }]);
  });

  test("lets one of two processes run a job", async () => {
    const first = await start("a");
    const second = await start("b");
    await vi.advanceTimersByTimeAsync(20 * INTERVAL_MS);
    expect(new Set(ran)).toEqual(new Set(["a"]));
    expect([first.statuses()[0]?.hasLease, second.statuses()[0]?.hasLease]).toEqual([true, false]);
  });

  test("keeps the lease of a job whose interval is longer than the lease", async () => {
    await start("a", { intervalMs: 3_600_000 });
    await start("b", { intervalMs: 3_600_000 });
    await vi.advanceTimersByTimeAsync(3 * 3_600_000 + 10_000);
    expect(ran).toEqual(["a", "a", "a", "a"]);
  });

  test("keeps the lease during a batch that takes longer than the lease", async () => {
    const { promise, resolve } = Promise.withResolvers<{ isMore: boolean }>();
    await start("a", { runBatch: () => promise });
    await start("b");
    await vi.advanceTimersByTimeAsync(10 * LEASE_MS);
    expect(ran).toEqual([]);
    expect(leases.holderOf("job")).toBe("a");
    resolve({ isMore: false });
  });

  test("lets another process take over from a batch that does not end within ten leases, and logs an error", async () => {
    const stuck = await start("a", { runBatch: () => new Promise(() => undefined) });
    await start("b");
    await vi.advanceTimersByTimeAsync(12 * LEASE_MS);
    expect(ran[0]).toBe("b");
    expect(leases.holderOf("job")).toBe("b");
    expect(stuck.statuses()).toMatchObject([{ hasLease: false }]);
    expect(logged.entries).toMatchObject([
      { level: 50, msg: "background job does not end; another process takes over" },
    ]);
  });

  test("takes the job over within two leases after its process died", async () => {
    // A process that died neither renews nor releases.
    await leases.acquire({ name: "job", holder: "dead", nowMs: Date.now(), untilMs: Date.now() + LEASE_MS });
    await start("b");
    await vi.advanceTimersByTimeAsync(LEASE_MS - 1);
    expect(ran).toEqual([]);
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(ran[0]).toBe("b");
  });

  test("takes the job over within a third of a lease after its process stopped", async () => {
    const first = await start("a");
    await start("b");
    await first.stop();
    expect(first.statuses()).toMatchObject([{ hasLease: false }]);
    await vi.advanceTimersByTimeAsync(LEASE_MS / 3);
    expect(ran.at(-1)).toBe("b");
  });

  test("waits for the running batch when it stops, and tells the batch", async () => {
    let signal: AbortSignal | undefined;
    const { promise, resolve } = Promise.withResolvers<{ isMore: boolean }>();
    const runner = await start("a", {
      runBatch: (given) => {
        signal = given;
        return promise;
      },
    });
    let isStopped = false;
    const stopped = runner.stop().then(() => {
      isStopped = true;
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect([signal?.aborted, isStopped]).toEqual([true, false]);
    resolve({ isMore: true });
    await stopped;
    expect(runner.statuses()).toMatchObject([{ batches: 1, busySeconds: 1, hasLease: false }]);
  });

  test("stops within 20 seconds even if a batch never ends", async () => {
    const runner = await start("a", { runBatch: () => new Promise(() => undefined) });
    const stopped = runner.stop();
    await vi.advanceTimersByTimeAsync(20_000);
    await stopped;
    expect(logged.entries.map(({ msg }) => msg)).toEqual(["background jobs did not stop in time"]);
  });

  test("logs the first failure of each kind and the recovery, and retries within a third of a lease", async () => {
    let error: Error | undefined = new TypeError("first");
    const runner = await start("a", {
      intervalMs: 3_600_000,
      runBatch: async () => {
        if (error) throw error;
        return { isMore: false };
      },
    });
    await vi.advanceTimersByTimeAsync(10 * LEASE_MS);
    error = new RangeError("second");
    await vi.advanceTimersByTimeAsync(10 * LEASE_MS);
    error = undefined;
    await vi.advanceTimersByTimeAsync(LEASE_MS / 3);
    expect(logged.entries.map(({ msg }) => msg)).toEqual([
      "background job failed; it will be tried again",
      "background job failed; it will be tried again",
      "background job works again",
    ]);
    const [status] = runner.statuses();
    expect(status).toMatchObject({ batches: 1, lastSuccessAtMs: Date.now() });
    expect(status?.failures).toBeGreaterThan(30);
  });
});
