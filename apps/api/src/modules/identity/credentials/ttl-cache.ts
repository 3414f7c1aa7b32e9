import { LRUCache } from "lru-cache";
import { createBatchLoader, type FindMany } from "./batch-loader.ts";

/** How long a change may go unnoticed by another process. */
const STALE_AFTER_MS = 5_000;
const MAX_KEPT = 20_000;

/** Things by their keys, as they were at most five seconds ago. */
export type TtlCache<Key, Value> = {
  /** undefined for what is not there, which is never kept: it may be there the next moment. */
  find(key: Key): Promise<Value | undefined>;
  /** Looks anew next time: something has just been changed here. Whoever waits for a look-up meanwhile gets its answer. */
  forget(key: Key): void;
};

/** Looks each thing up once in five seconds, however often it is asked for; many at once go together. */
export function createTtlCache<Key extends string, Value extends object>(
  findMany: FindMany<Key, Value>,
): TtlCache<Key, Value> {
  const kept = new LRUCache<Key, Value>({ max: MAX_KEPT, ttl: STALE_AFTER_MS });
  const lookUp = createBatchLoader(findMany);
  let timesForgotten = 0;

  const lookAnew = async (key: Key): Promise<Value | undefined> => {
    const start = performance.now();
    const before = timesForgotten;
    const found = await lookUp(key);
    // Read before something was changed here, perhaps this.
    if (found && timesForgotten === before) kept.set(key, found, { start });
    return found;
  };
  return {
    find: async (key) => kept.get(key) ?? lookAnew(key),
    forget: (key) => {
      timesForgotten += 1;
      kept.delete(key);
    },
  };
}
