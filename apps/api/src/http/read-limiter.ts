import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import { FairQueue } from "./fair-queue.ts";

/** The limits of a `ReadLimiter`. */
export type ReadLimits = {
  /** Reads that run concurrently: fewer than there are connections for records, so that log-ins never wait for reads. */
  readonly total: number;
  /** Reads of one user that run concurrently. */
  readonly perUser: number;
  /** Reads of one user that wait. */
  readonly waitingPerUser: number;
  /** How long a read waits before it is refused. */
  readonly queueTimeoutMs: number;
};

/** Ends a read. Call it once. */
type EndRead = () => void;

type Started = Outcome<EndRead, Refusal<"OVERLOADED" | "RATE_LIMITED">>;

/**
 * Bounds the reads of records, such as histories and lists: one user that reads much waits for itself, and the others
 * are served in turn.
 */
export class ReadLimiter {
  readonly #limits: ReadLimits;
  readonly #queue = new FairQueue<() => void>();
  readonly #running = new Map<string, number>();
  #total = 0;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  /**
   * Starts a read, or waits for its turn. Without waiting the result is there immediately, not as a promise.
   * Refuses: RATE_LIMITED when too many reads of this user wait, OVERLOADED after `queueTimeoutMs`.
   */
  start(userId: string): Started | Promise<Started> {
    if (this.#canStart(userId)) return ok(this.#begin(userId));
    if (this.#queue.sizeOf(userId) >= this.#limits.waitingPerUser) {
      return refuse({ code: "RATE_LIMITED", retryAfterSeconds: 1 });
    }
    const { promise, resolve } = Promise.withResolvers<Started>();
    const timeout = setTimeout(() => {
      this.#queue.delete(userId, run);
      resolve(refuse({ code: "OVERLOADED" }));
    }, this.#limits.queueTimeoutMs);
    const run = () => {
      clearTimeout(timeout);
      const endRead = this.#begin(userId);
      // In the next turn of the event loop: reads of an embedded database never wait for it, and would follow one another
      // before any other request is even received.
      setImmediate(() => resolve(ok(endRead)));
    };
    this.#queue.add(userId, run);
    return promise;
  }

  #begin(userId: string): EndRead {
    this.#total += 1;
    this.#running.set(userId, this.#runningOf(userId) + 1);
    return () => {
      this.#total -= 1;
      const left = this.#runningOf(userId) - 1;
      if (left === 0) this.#running.delete(userId);
      else this.#running.set(userId, left);
      this.#queue.take((user) => this.#canStart(user))?.();
    };
  }

  #canStart = (userId: string): boolean =>
    this.#total < this.#limits.total && this.#runningOf(userId) < this.#limits.perUser;

  #runningOf(userId: string): number {
    return this.#running.get(userId) ?? 0;
  }
}
