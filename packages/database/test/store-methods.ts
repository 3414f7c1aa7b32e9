import type { Database, StoreSet } from "../src/index.ts";

const lifeCycle = ["abortInFlight", "close", "kind", "ledgerShards", "notices", "ping", "poolUse"];

/** The stores of a database, without its life cycle. */
export const storesIn = (database: Database): StoreSet =>
  Object.fromEntries(Object.entries(database).filter(([name]) => !lifeCycle.includes(name))) as unknown as StoreSet;

/** The methods of all stores, by name; a store that is a single method has its own name alone. */
export function methodsOf(stores: StoreSet): ReadonlyMap<string, unknown> {
  const methods = new Map<string, unknown>();
  for (const [name, store] of Object.entries(stores)) {
    if (typeof store === "function") methods.set(name, store);
    else for (const [method, call] of Object.entries(store)) methods.set(`${name}.${method}`, call);
  }
  return methods;
}
