import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import type { MongoClient } from "mongodb";
import { afterConnectionLoss } from "./failure.ts";

/** A call that waits for the server. */
export type PendingCall = {
  /** Whether the call was aborted: its caller has received an error, so it must not start another write. */
  readonly isAborted: boolean;
  /** Whether the call may have written. Set before the write is sent. */
  mayBeWritten: boolean;
};

const noAnswer = () => new DatabaseUnavailable("the database does not answer");

/**
 * The calls that wait for the server, so that they can be aborted. Closing the client of the driver is not enough: a call
 * that waits for a connection would wait until its timeout.
 */
export class InFlight {
  readonly #client: MongoClient;
  readonly #aborts = new Set<() => void>();
  #isConnected = false;
  #isClosed = false;

  constructor(client: MongoClient) {
    this.#client = client;
  }

  /** Whether the client has ever been connected. From then on the driver reconnects by itself. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /**
   * Runs `work` until it ends or is aborted. Aborted work continues in the background: it may roll back what it has begun,
   * and has to check `call.isAborted` before it commits.
   * @throws DatabaseUnavailable or OutcomeUnknown when the call is aborted, or what `work` throws
   */
  run<Result>(work: (call: PendingCall) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) return Promise.reject(noAnswer());
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const call = { isAborted: false, mayBeWritten: false };
    const abort = () => {
      call.isAborted = true;
      reject(call.mayBeWritten ? new OutcomeUnknown("a write was sent and not answered") : noAnswer());
    };
    this.#aborts.add(abort);
    return Promise.race([this.#start(work, call), aborted]).finally(() => this.#aborts.delete(abort));
  }

  /** Runs a call that only reads. @throws DatabaseUnavailable */
  reading<Result>(read: () => Promise<Result>): Promise<Result> {
    return this.run(read).catch(afterConnectionLoss("nothing written"));
  }

  /** Runs a write outside a transaction. @throws DatabaseUnavailable, OutcomeUnknown */
  writing<Result>(write: () => Promise<Result>): Promise<Result> {
    const start = (call: PendingCall) => {
      call.mayBeWritten = true;
      return write();
    };
    return this.run(start).catch(afterConnectionLoss("may be written"));
  }

  /** Fails every pending call immediately. */
  abortInFlight(): void {
    for (const abort of [...this.#aborts]) abort();
  }

  /** Closes the client. Later calls fail. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#client.close();
  }

  /** Connects explicitly: the driver connects by itself only once, and does not try again after a failure. */
  async connect(): Promise<void> {
    await this.#client.connect().catch(afterConnectionLoss("nothing written"));
    this.#isConnected = true;
  }

  async #start<Result>(work: (call: PendingCall) => Promise<Result>, call: PendingCall): Promise<Result> {
    if (!this.#isConnected) await this.connect();
    if (call.isAborted) throw noAnswer();
    return work(call);
  }
}
