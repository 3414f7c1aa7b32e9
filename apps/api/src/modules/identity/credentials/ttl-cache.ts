import { LRUCache } from "lru-cache";
import { createBatchLoader, type FindMany } from "./batch-loader.ts";

/** How long a change by another process can stay unseen by requests. */
const TTL_MS = 5_000;
const MAX_ENTRIES = 20_000;
/** How often a key is read again for values that stay unacceptable: forged credentials cause no more reads. */
const REREAD_INTERVAL_MS = 1_000;

/** A read-through cache whose values are at most five seconds old, or as long as it says. */
export type TtlCache<Key, Value> = {
  /**
   * undefined for a key without a value. Absence is not cached.
   * @param isAcceptable whether the caller can go on with a value. A cached one that is not acceptable is read again, so that
   * no credential is refused because of a row that is older than it.
   */
  find(key: Key, isAcceptable?: (value: Value) => boolean): Promise<Value | undefined>;
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
  ttlMs = TTL_MS,
): TtlCache<Key, Value> {
  const cache = new LRUCache<Key, Value>({ max: MAX_ENTRIES, ttl: ttlMs });
  const rereadInVain = new LRUCache<Key, true>({ max: MAX_ENTRIES, ttl: REREAD_INTERVAL_MS });
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
    find: async (key, isAcceptable = () => true) => {
      const cached = cache.get(key);
      if (!cached) return loadAndCache(key);
      if (isAcceptable(cached) || rereadInVain.has(key)) return cached;
      const value = await loadAndCache(key);
      if (value && !isAcceptable(value)) rereadInVain.set(key, true);
      return value;
    },
    forget: (key) => {
      forgetCount += 1;
      cache.delete(key);
    },
  };
}
