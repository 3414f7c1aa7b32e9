import { type Outcome, ok, refuse } from "@jifen/core";

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

/**
 * Admission control for ledger commands. It decides before a request is read: a request that waits or is refused must
 * cost almost nothing, or the admitted ones starve. The capacity is chosen so that the ledger's queue has space for
 * every admitted command.
 *
 * A semaphore of our own: the one of async-mutex keeps a timed-out waiter in its queue, where it blocks those behind it.
 */
export class ConcurrencyLimiter {
  readonly #limits: ConcurrencyLimits;
  readonly #queue = new Set<Waiter>();
  #admitted = 0;

  constructor(limits: ConcurrencyLimits) {
    this.#limits = limits;
  }

  /**
   * Waits for capacity, first in, first out: a small request does not overtake a large one.
   * Refuses after `queueTimeoutMs`: OVERLOADED.
   */
  async acquire({ commands, hasArrived }: AdmissionRequest): Promise<Outcome<Permit, { code: "OVERLOADED" }>> {
    const isAdmitted = this.#tryAdmit(commands) || (await this.#waitForCapacity(commands));
    return isAdmitted ? ok(this.#createPermit(commands, hasArrived)) : refuse({ code: "OVERLOADED" });
  }

  #tryAdmit(commands: number): boolean {
    const isAdmitted = this.#queue.size === 0 && this.#hasCapacityFor(commands);
    if (isAdmitted) this.#admitted += commands;
    return isAdmitted;
  }

  /**
   * The timeout equals the Retry-After of the refusal. An immediate refusal would make clients retry immediately and
   * leave no time for the admitted work.
   */
  #waitForCapacity(commands: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timeout = setTimeout(() => {
      this.#queue.delete(waiter);
      resolve(false);
    }, this.#limits.queueTimeoutMs);
    const admit = () => {
      clearTimeout(timeout);
      resolve(true);
    };
    const waiter = { commands, admit };
    this.#queue.add(waiter);
    return promise;
  }

  #createPermit(commands: number, hasArrived: () => boolean): Permit {
    let holdsCapacity = true;
    const releaseOnce = () => {
      if (holdsCapacity) this.#release(commands);
      holdsCapacity = false;
    };
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
    for (const next of this.#queue) {
      if (!this.#hasCapacityFor(next.commands)) return;
      this.#queue.delete(next);
      this.#admitted += next.commands;
      next.admit();
    }
  }

  #hasCapacityFor(commands: number): boolean {
    return this.#admitted + commands <= this.#limits.capacity;
  }
}
