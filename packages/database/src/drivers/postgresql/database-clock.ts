/** No clock of a computer is off by more than this much of what passes. */
const DRIFT = 1e-4;

/**
 * The database's clock as this process knows it. What the database said was true when it was sent, so it is no later
 * than that plus what has passed since it was heard; the latest such moment of all that was ever heard is the best.
 */
export class DatabaseClock {
  #saidMs: number | undefined;
  #heardAt = 0;

  /** @param saidMs epoch milliseconds, as the database has just said; nothing when its answer was lost. */
  heard(saidMs: number | undefined): void {
    if (saidMs === undefined) return;
    if (this.#saidMs !== undefined && saidMs < this.#exactMs(this.#saidMs)) return;
    this.#saidMs = saidMs;
    this.#heardAt = performance.now();
  }

  /** Somebody has set it, perhaps. */
  forget(): void {
    this.#saidMs = undefined;
  }

  /** Epoch milliseconds, and a little behind; undefined as long as nothing was heard. Never goes back. */
  get nowMs(): number | undefined {
    return this.#saidMs === undefined ? undefined : Math.floor(this.#exactMs(this.#saidMs));
  }

  #exactMs(saidMs: number): number {
    return saidMs + (performance.now() - this.#heardAt) * (1 - DRIFT);
  }
}
