import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import type { MongoClient } from "mongodb";
import { afterConnectionLoss } from "./failure.ts";

/** Somebody who waits for the server. */
export type PendingCall = {
  /** Whether it was given up: nobody hears what becomes of it, and nothing more may be begun for it. */
  readonly isOver: boolean;
  /** Whether what was begun for it may have had an effect. Whoever begins that says so first. */
  mayBeDone: boolean;
};

const noAnswer = () => new DatabaseUnavailable("the database does not answer");

/**
 * Those who wait for the server. The driver ends what is on its way when it is closed, and not at once: what waits for a
 * connection first goes on waiting for it. So whoever waits is told here.
 */
export class InFlight {
  readonly #client: MongoClient;
  readonly #giveUps = new Set<() => void>();
  #isConnected = false;
  #isClosed = false;

  constructor(client: MongoClient) {
    this.#client = client;
  }

  /** Whether it has ever been connected; from then on the driver keeps it so. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /**
   * Waits for `work` until it is given up. Then it goes on unheard: it may end what it has begun, and has to look at its
   * `wait` before it begins what cannot be undone.
   * @throws DatabaseUnavailable or OutcomeUnknown when it is given up, or what `work` throws
   */
  until<Result>(work: (wait: PendingCall) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) return Promise.reject(noAnswer());
    const { promise: inVain, reject } = Promise.withResolvers<never>();
    const wait = { isOver: false, mayBeDone: false };
    const abortInFlight = () => {
      wait.isOver = true;
      reject(wait.mayBeDone ? new OutcomeUnknown("a write was sent and not answered") : noAnswer());
    };
    this.#giveUps.add(abortInFlight);
    return Promise.race([this.#begin(work, wait), inVain]).finally(() => this.#giveUps.delete(abortInFlight));
  }

  /** Asks what changes nothing. @throws DatabaseUnavailable */
  reading<Result>(ask: () => Promise<Result>): Promise<Result> {
    return this.until(ask).catch(afterConnectionLoss("nothing written"));
  }

  /** Writes what commits by itself. @throws DatabaseUnavailable, OutcomeUnknown */
  writing<Result>(write: () => Promise<Result>): Promise<Result> {
    const begin = (wait: PendingCall) => {
      wait.mayBeDone = true;
      return write();
    };
    return this.until(begin).catch(afterConnectionLoss("may be written"));
  }

  /** Tells everybody who waits that no answer will come. */
  abortInFlight(): void {
    for (const abortInFlight of [...this.#giveUps]) abortInFlight();
  }

  /** Ends what is on its way, and asks nothing any more. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#client.close();
  }

  /** The driver connects by itself, but only once: when that fails, it would never do it again. */
  async connect(): Promise<void> {
    await this.#client.connect().catch(afterConnectionLoss("nothing written"));
    this.#isConnected = true;
  }

  async #begin<Result>(work: (wait: PendingCall) => Promise<Result>, wait: PendingCall): Promise<Result> {
    if (!this.#isConnected) await this.connect();
    if (wait.isOver) throw noAnswer();
    return work(wait);
  }
}
