/** The maximum relative drift of a computer's clock. */
const DRIFT = 1e-4;

/**
 * An estimate of the database's clock that is never ahead of it. A reported time was true when it was sent, so the present
 * time is at least that plus the time since it was received. The latest of all such estimates is the best.
 */
export class DatabaseClock {
  #reportedMs: number | undefined;
  #receivedAt = 0;

  /** @param reportedMs epoch milliseconds that the database has just reported; undefined when its answer was lost */
  update(reportedMs: number | undefined): void {
    if (reportedMs === undefined) return;
    if (this.#reportedMs !== undefined && reportedMs < this.#exactMs(this.#reportedMs)) return;
    this.#reportedMs = reportedMs;
    this.#receivedAt = performance.now();
  }

  /** Discards the estimate: the clock of the database may have been set. */
  forget(): void {
    this.#reportedMs = undefined;
  }

  /** Epoch milliseconds, slightly behind; undefined before the first report. Never decreases, except after `forget`. */
  get nowMs(): number | undefined {
    return this.#reportedMs === undefined ? undefined : Math.floor(this.#exactMs(this.#reportedMs));
  }

  #exactMs(reportedMs: number): number {
    return reportedMs + (performance.now() - this.#receivedAt) * (1 - DRIFT);
  }
}
