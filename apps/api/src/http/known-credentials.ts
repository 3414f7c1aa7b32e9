/** How many credentials are remembered at most, twice: the current and the previous generation. */
const MAX_PER_GENERATION = 20_000;
const GENERATION_MS = 60_000;

/**
 * The Authorization headers and session cookies that were verified within the last one to two minutes. They only decide which request is
 * handled first while the server is busy; every request is authenticated all the same.
 */
export class KnownCredentials {
  readonly #nowMs: () => number;
  #current = new Set<string>();
  #previous = new Set<string>();
  #startedAtMs: number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startedAtMs = nowMs();
  }

  /** Remembers a credential that was just verified. */
  add(credential: string): void {
    if (this.#current.size >= MAX_PER_GENERATION || this.#nowMs() - this.#startedAtMs > GENERATION_MS) {
      this.#previous = this.#current;
      this.#current = new Set();
      this.#startedAtMs = this.#nowMs();
    }
    this.#current.add(credential);
  }

  has(credential: string): boolean {
    return this.#current.has(credential) || this.#previous.has(credential);
  }
}
