import type { MongoConnection } from "./pool.ts";

/** A connection pool to MongoDB that can be replaced, and the objects that are built on it. */
export class ReconnectingClient<Built> {
  readonly #open: () => MongoConnection;
  readonly #build: (connection: MongoConnection) => Built;
  #connection: MongoConnection;
  #current: Built;

  /**
   * @param open creates a connection pool
   * @param build creates the objects that use it
   */
  constructor(open: () => MongoConnection, build: (connection: MongoConnection) => Built) {
    this.#open = open;
    this.#build = build;
    this.#connection = open();
    this.#current = build(this.#connection);
  }

  /** The objects on the present connection pool. */
  get current(): Built {
    return this.#current;
  }

  /** @throws DatabaseUnavailable */
  connect(): Promise<void> {
    return this.#connection.inFlight.connect();
  }

  /**
   * Fails every pending call immediately and replaces the connection pool. A pool that has never been connected is kept: it
   * is still connecting, which can take longer than an answer.
   */
  abortInFlight(): void {
    const { inFlight } = this.#connection;
    inFlight.abortInFlight();
    if (!inFlight.isConnected) return;
    this.#connection = this.#open();
    this.#current = this.#build(this.#connection);
    // Closing also tries to abort the open transactions of the old pool on the server.
    void inFlight.close().catch(() => undefined);
  }

  /** Closes the present connection pool. */
  close(): Promise<void> {
    return this.#connection.inFlight.close();
  }
}
