/** What a door lets in. */
export type ConcurrencyLimits = {
  /** How many commands may be under way at once. */
  readonly capacity: number;
  /** How long whoever finds no room waits for some. */
  readonly queueTimeoutMs: number;
  /** How long room is kept for what has not arrived: a body that never comes must not keep others out. */
  readonly bodyTimeoutMs: number;
};

/** A request with so many commands. */
export type AtDoor = { readonly commands: number; readonly hasArrived: () => boolean };

/** One that waits in front of the door. */
type InLine = { readonly commands: number; readonly letIn: () => void };

/**
 * Lets requests with commands for the ledger in as long as there is room, before anything of them is read: what waits
 * outside or is turned away must cost next to nothing, or the work inside starves. Who is inside has room in the ledger.
 */
export class ConcurrencyLimiter {
  readonly #rules: ConcurrencyLimits;
  readonly #line = new Set<InLine>();
  #inside = 0;

  constructor(rules: ConcurrencyLimits) {
    this.#rules = rules;
  }

  /** Does the work of a request. @returns undefined when it was turned away, and nothing done. */
  async through<Result>({ commands, hasArrived }: AtDoor, work: () => Promise<Result>): Promise<Result | undefined> {
    let isInside = this.#enter(commands) || (await this.#enterLater(commands));
    if (!isInside) return undefined;
    const leave = () => {
      if (isInside) this.#leave(commands);
      isInside = false;
    };
    const arrival = setTimeout(() => {
      if (!hasArrived()) leave();
    }, this.#rules.bodyTimeoutMs);
    try {
      return await work();
    } finally {
      clearTimeout(arrival);
      leave();
    }
  }

  #enter(commands: number): boolean {
    // Nobody overtakes those who wait.
    const isOpen = this.#line.size === 0 && this.#hasRoomFor(commands);
    if (isOpen) this.#inside += commands;
    return isOpen;
  }

  /** Those who are turned away wait as long as Retry-After asks for: to come again at once would leave no time for the work. */
  #enterLater(commands: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const patience = setTimeout(() => {
      this.#line.delete(inLine);
      resolve(false);
    }, this.#rules.queueTimeoutMs);
    const letIn = () => {
      clearTimeout(patience);
      resolve(true);
    };
    const inLine = { commands, letIn };
    this.#line.add(inLine);
    return promise;
  }

  #leave(commands: number): void {
    this.#inside -= commands;
    for (const next of this.#line) {
      if (!this.#hasRoomFor(next.commands)) return;
      this.#line.delete(next);
      this.#inside += next.commands;
      next.letIn();
    }
  }

  #hasRoomFor(commands: number): boolean {
    return this.#inside + commands <= this.#rules.capacity;
  }
}
