import type { Database } from "./database.ts";

/** The properties of a database that are not stores. Does not compile when one of them is no property of a database. */
const lifeCycle = [
  "kind",
  "ledgerShards",
  "notices",
  "poolUse",
  "ping",
  "abortInFlight",
  "close",
] as const satisfies readonly (keyof Database)[];

type LifeCycle = (typeof lifeCycle)[number];

/** All stores of a database. A store is an object of methods, or a single method. */
export type StoreSet = Omit<Database, LifeCycle>;

/** A method of a store. */
export type StoreCall = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * Makes the replacement of a method.
 * @param call the method
 * @param callIn finds the same method in another set of stores
 */
export type Around = (call: StoreCall, callIn: (stores: StoreSet) => StoreCall) => StoreCall;

/** Every other property is a store. */
const storeNames = (stores: StoreSet) =>
  Object.keys(stores).filter((name) => !lifeCycle.some((each) => each === name)) as (keyof StoreSet)[];

type AnyCall = (...args: never[]) => Promise<unknown>;
type AnyStore = AnyCall | Readonly<Record<string, AnyCall>>;

/** Does not compile when a store has a property that is not an asynchronous method. */
const storeOf = (stores: StoreSet, name: keyof StoreSet): AnyStore => stores[name];

/** The method of a store, or the store itself if it is a single method. */
const callOf = (store: AnyStore, method: string | undefined): StoreCall => {
  const call = typeof store === "function" || method === undefined ? store : store[method];
  return call as StoreCall;
};

/** Replaces every method of every store. */
export function wrapStores(stores: StoreSet, around: Around): StoreSet {
  const wrapCall = (name: keyof StoreSet, method?: string): StoreCall => {
    const callIn = (others: StoreSet) => callOf(storeOf(others, name), method);
    return around(callIn(stores), callIn);
  };
  const wrapStore = (name: keyof StoreSet) => {
    const store = storeOf(stores, name);
    if (typeof store === "function") return wrapCall(name);
    return Object.fromEntries(Object.keys(store).map((method) => [method, wrapCall(name, method)]));
  };
  return Object.fromEntries(storeNames(stores).map((name) => [name, wrapStore(name)])) as unknown as StoreSet;
}
