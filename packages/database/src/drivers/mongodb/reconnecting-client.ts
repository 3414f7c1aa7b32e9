import type { MongoConnection } from "./pool.ts";

/** A connection to MongoDB, and what is made of it. */
export class ReconnectingClient<Use> {
  readonly #open: () => MongoConnection;
  readonly #make: (site: MongoConnection) => Use;
  #connection: MongoConnection;
  #use: Use;

  /**
   * @param open makes a connection
   * @param make makes of it what is used
   */
  constructor(open: () => MongoConnection, make: (site: MongoConnection) => Use) {
    this.#open = open;
    this.#make = make;
    this.#connection = open();
    this.#use = make(this.#connection);
  }

  /** What is made of the connection that there is now. */
  get use(): Use {
    return this.#use;
  }

  /** @throws DatabaseUnavailable */
  connect(): Promise<void> {
    return this.#connection.inFlight.connect();
  }

  /**
   * Tells everybody who waits that no answer will come, and lets another connection take the place of this one. One that has
   * never been connected stays: it is at that still, which may take longer than an answer does.
   */
  abortInFlight(): void {
    const { inFlight } = this.#connection;
    inFlight.abortInFlight();
    if (!inFlight.isConnected) return;
    this.#connection = this.#open();
    this.#use = this.#make(this.#connection);
    // It ends its transactions on the server if that hears it, and then itself.
    void inFlight.close().catch(() => undefined);
  }

  /** Lets go of it. */
  close(): Promise<void> {
    return this.#connection.inFlight.close();
  }
}

type Ask = (...args: readonly unknown[]) => unknown;

/** The same stores, each question asked of those that there are when it is asked. */
export function delegateTo<Stores extends object>(current: () => Stores): Stores {
  const followedStore = (name: string, store: object) =>
    Object.fromEntries(
      Object.keys(store).map((way) => [
        way,
        (...args: readonly unknown[]) => (current() as Record<string, Record<string, Ask>>)[name]?.[way]?.(...args),
      ]),
    );
  const stores = Object.entries(current()).map(([name, store]) => [name, followedStore(name, store)]);
  return Object.fromEntries(stores) as Stores;
}
