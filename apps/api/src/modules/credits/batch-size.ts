/** A batch that takes longer than this delays callers noticeably; the next one is smaller. */
const TOO_LONG_MS = 25;
/** A batch that takes less than this does not pay for its commit; the next one is larger. */
const SHORT_MS = 10;

/** How many rows of background work one transaction takes: as many as it does in a short time, whatever the machine. */
export class BatchSize {
  readonly #most: number;
  #current = 1;

  constructor(most: number) {
    this.#most = most;
  }

  get current(): number {
    return this.#current;
  }

  /** Learns from a batch that took this long. */
  took(ms: number): void {
    if (ms > TOO_LONG_MS) this.#current = Math.max(1, Math.floor(this.#current / 2));
    else if (ms < SHORT_MS) this.#current = Math.min(this.#most, this.#current * 2);
  }
}
