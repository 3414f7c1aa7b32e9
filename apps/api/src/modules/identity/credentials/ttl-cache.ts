import { LRUCache } from "lru-cache";
import { createBatchLoader, type FindMany } from "./batch-loader.ts";

/** How long a change by another process can stay unseen. */
const TTL_MS = 5_000;
const MAX_ENTRIES = 20_000;

/** A read-through cache whose values are at most five seconds old. */
export type TtlCache<Key, Value> = {
  /** undefined for a key without a value. Absence is not cached. */
  find(key: Key): Promise<Value | undefined>;
  /**
   * Removes a key after a change in this process. A look-up that began before the change still resolves with its value, but
   * the value is not cached.
   */
  forget(key: Key): void;
};

/**
 * Creates a cache in front of a batch loader. `fetch` of the npm package `lru-cache` would abort a look-up that `forget`
 * overtakes, and it knows nothing of batches, so only its storage is used.
 */
export function createTtlCache<Key extends string, Value extends object>(
  findMany: FindMany<Key, Value>,
): TtlCache<Key, Value> {
  const cache = new LRUCache<Key, Value>({ max: MAX_ENTRIES, ttl: TTL_MS });
  const load = createBatchLoader(findMany);
  let forgetCount = 0;

  const loadAndCache = async (key: Key): Promise<Value | undefined> => {
    const start = performance.now();
    const forgetCountAtStart = forgetCount;
    const value = await load(key);
    // The value can be from before a change in this process.
    if (value && forgetCount === forgetCountAtStart) cache.set(key, value, { start });
    return value;
  };
  return {
    find: async (key) => cache.get(key) ?? loadAndCache(key),
    forget: (key) => {
      forgetCount += 1;
      cache.delete(key);
    },
  };
}
