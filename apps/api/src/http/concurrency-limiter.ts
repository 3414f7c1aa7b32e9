import { type Outcome, ok, refuse } from "@jifen/core";
import { FairQueue } from "./fair-queue.ts";

/** The limits of a `ConcurrencyLimiter`. */
export type ConcurrencyLimits = {
  /** How many commands may be in progress at the same time. */
  readonly capacity: number;
  /** How long a request waits for capacity before it is refused. */
  readonly queueTimeoutMs: number;
  /** How long capacity is kept for a request whose body has not arrived: a slow sender must not block the others. */
  readonly bodyTimeoutMs: number;
};

/** A request for admission. */
export type AdmissionRequest = {
  /** How many ledger commands the request contains. */
  readonly commands: number;
  /** Who sends it: waiting requests of different actors are admitted in turn. */
  readonly actor: string;
  /** Whether the whole body has arrived. */
  readonly hasArrived: () => boolean;
};

/** Admission of one request. It holds capacity until `release`, or until the body timeout. */
export type Permit = {
  /** Returns the capacity. Further calls have no effect. */
  readonly release: () => void;
};

/** A request that waits for capacity. */
type Waiter = { readonly commands: number; readonly admit: () => void };

type Admitted = Outcome<Permit, { code: "OVERLOADED" }>;

/**
 * Admission control for ledger commands. It decides after the caller was authenticated and before the body is read: a
 * request that is refused for its credential never holds capacity, and one that waits or finds none costs almost nothing,
 * or the admitted ones starve. The capacity is chosen so that the ledger's queue has space for every admitted command.
 *
 * A semaphore of our own: the one of async-mutex keeps a timed-out waiter in its queue, where it blocks those behind it.
 */
export class ConcurrencyLimiter {
  readonly #limits: ConcurrencyLimits;
  readonly #queue = new FairQueue<Waiter>();
  #admitted = 0;

  constructor(limits: ConcurrencyLimits) {
    this.#limits = limits;
  }

  /** How much is in progress now, and how much can be. */
  get load(): { readonly admitted: number; readonly waiting: number; readonly capacity: number } {
    return { admitted: this.#admitted, waiting: this.#queue.size, capacity: this.#limits.capacity };
  }

  /**
   * Waits for capacity: the actors in turn, the requests of one actor first in, first out. A small request does not
   * overtake a large one. Without waiting requests the result is there immediately, not as a promise.
   * Refuses after `queueTimeoutMs`: OVERLOADED.
   */
  acquire(request: AdmissionRequest): Admitted | Promise<Admitted> {
    const { commands } = request;
    if (this.#queue.size > 0 || !this.#hasCapacityFor(commands)) return this.#waitForCapacity(request);
    this.#admitted += commands;
    return ok(this.#createPermit(request));
  }

  /**
   * The timeout equals the Retry-After of the refusal. An immediate refusal would make clients retry immediately and
   * leave no time for the admitted work.
   */
  #waitForCapacity(request: AdmissionRequest): Promise<Admitted> {
    const { commands, actor } = request;
    const { promise, resolve } = Promise.withResolvers<Admitted>();
    const timeout = setTimeout(() => {
      this.#queue.delete(actor, waiter);
      resolve(refuse({ code: "OVERLOADED" }));
      // A large request that no longer waits makes way for those behind it.
      this.#admitWaiting();
    }, this.#limits.queueTimeoutMs);
    const admit = () => {
      clearTimeout(timeout);
      resolve(ok(this.#createPermit(request)));
    };
    const waiter = { commands, admit };
    this.#queue.add(actor, waiter);
    return promise;
  }

  #createPermit({ commands, hasArrived }: AdmissionRequest): Permit {
    let holdsCapacity = true;
    const releaseOnce = () => {
      if (holdsCapacity) this.#release(commands);
      holdsCapacity = false;
    };
    // The body of most requests arrives together with the headers.
    if (hasArrived()) return { release: releaseOnce };
    const bodyTimeout = setTimeout(() => {
      if (!hasArrived()) releaseOnce();
    }, this.#limits.bodyTimeoutMs);
    return {
      release: () => {
        clearTimeout(bodyTimeout);
        releaseOnce();
      },
    };
  }

  #release(commands: number): void {
    this.#admitted -= commands;
    this.#admitWaiting();
  }

  #admitWaiting(): void {
    for (let next = this.#queue.peek(); next && this.#hasCapacityFor(next.commands); next = this.#queue.peek()) {
      this.#queue.take();
      this.#admitted += next.commands;
      next.admit();
    }
  }

  #hasCapacityFor(commands: number): boolean {
    return this.#admitted + commands <= this.#limits.capacity;
  }
}
