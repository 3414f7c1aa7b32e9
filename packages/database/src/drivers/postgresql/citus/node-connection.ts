import { connectionLoss } from "../../../errors/failure.ts";
import type { Pool } from "../pool.ts";

/** How many checks in a row may find a ping unanswered. A server checks four times a second. */
const MAX_UNANSWERED = 3;

/** The connections to one node, and whether it answers. */
export class NodeConnection {
  readonly pool: Pool;
  readonly #pings: Pool;
  #isPinging = false;
  #unanswered = 0;
  #isSilent = false;

  /** @param pings a connection of its own, on which a ping waits for no other call */
  constructor(pool: Pool, pings: Pool) {
    this.pool = pool;
    this.#pings = pings;
  }

  /** Whether the node has stopped answering without closing its connections: calls would wait for their timeouts. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Sends a ping, or counts that the last one is unanswered. A silent node fails every call that waits for it. */
  check(): void {
    if (!this.#isPinging) {
      void this.#ping();
      return;
    }
    this.#unanswered += 1;
    if (this.#unanswered < MAX_UNANSWERED) return;
    this.#isSilent = true;
    void this.pool.abortInFlight();
  }

  async #ping(): Promise<void> {
    this.#isPinging = true;
    this.#unanswered = 0;
    try {
      await this.#pings.query("SELECT 1");
      this.#isSilent = false;
    } catch (error) {
      // A node that refuses connections is not silent: calls fail immediately by themselves.
      if (connectionLoss(error) === "without effect") this.#isSilent = false;
    } finally {
      this.#isPinging = false;
    }
  }

  async abortInFlight(): Promise<void> {
    await Promise.all([this.pool.abortInFlight(), this.#pings.abortInFlight()]);
  }

  async end(): Promise<void> {
    await Promise.all([this.pool.end(), this.#pings.end()]);
  }
}
