/** How fast a client must read a file. */
export type Pace = {
  /** How long the client may let the server wait, in all. */
  readonly graceMs: number;
  /** The time gets a second more for each of these many bytes. */
  readonly bytesPerSecond: number;
};

/**
 * Measures how long a client lets the server wait for it, all parts of a file together. The time that the database takes does
 * not count.
 */
export class ReadingTime {
  readonly #pace: Pace;
  readonly #onLate: () => void;
  #allowedMs: number;
  #sinceMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param onLate called when the client has read too slowly */
  constructor(pace: Pace, onLate: () => void) {
    this.#pace = pace;
    this.#onLate = onLate;
    this.#allowedMs = pace.graceMs;
  }

  /** A part is handed over: the client has to read it. */
  start(bytes: number): void {
    this.#allowedMs += (bytes / this.#pace.bytesPerSecond) * 1_000;
    this.#sinceMs = performance.now();
    this.#timer = setTimeout(this.#onLate, this.#allowedMs).unref();
  }

  /** The client has read it, or has left. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#allowedMs -= performance.now() - this.#sinceMs;
  }
}
