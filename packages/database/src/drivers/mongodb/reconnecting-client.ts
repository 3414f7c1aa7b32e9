import type { Site } from "./connection.ts";

/** A connection to MongoDB, and what is made of it. */
export class Renewable<Use> {
  readonly #open: () => Site;
  readonly #make: (site: Site) => Use;
  #site: Site;
  #use: Use;

  /**
   * @param open makes a connection
   * @param make makes of it what is used
   */
  constructor(open: () => Site, make: (site: Site) => Use) {
    this.#open = open;
    this.#make = make;
    this.#site = open();
    this.#use = make(this.#site);
  }

  /** What is made of the connection that there is now. */
  get use(): Use {
    return this.#use;
  }

  /** @throws DatabaseUnavailable */
  connect(): Promise<void> {
    return this.#site.waits.connect();
  }

  /**
   * Tells everybody who waits that no answer will come, and lets another connection take the place of this one. One that has
   * never been connected stays: it is at that still, which may take longer than an answer does.
   */
  giveUp(): void {
    const { waits } = this.#site;
    waits.giveUp();
    if (!waits.isConnected) return;
    this.#site = this.#open();
    this.#use = this.#make(this.#site);
    // It ends its transactions on the server if that hears it, and then itself.
    void waits.close().catch(() => undefined);
  }

  /** Lets go of it. */
  close(): Promise<void> {
    return this.#site.waits.close();
  }
}

type Ask = (...args: readonly unknown[]) => unknown;

/** The same stores, each question asked of those that there are when it is asked. */
export function followed<Stores extends object>(current: () => Stores): Stores {
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
