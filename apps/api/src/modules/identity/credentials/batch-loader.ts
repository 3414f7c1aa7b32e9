import { setImmediate } from "node:timers/promises";

/** More than one, so that a slow batch does not delay all other look-ups. */
const MAX_CONCURRENT_BATCHES = 2;
const MAX_BATCH_SIZE = 500;

/** Finds the values of many keys. Keys without a value are left out. */
export type FindMany<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;

/**
 * Combines look-ups of single keys into batches. A batch holds what is requested in the same turn of the event loop, and
 * what is requested while two other batches run. Requests for the same key share one look-up, and its failure. Keeps no
 * values. The npm package `dataloader` does not bound the number of concurrent batches, so it is not used.
 */
export function createBatchLoader<Key, Value>(
  findMany: FindMany<Key, Value>,
): (key: Key) => Promise<Value | undefined> {
  const waiting = new Map<Key, PromiseWithResolvers<Value | undefined>>();
  let running = 0;

  const runBatch = async (): Promise<void> => {
    running += 1;
    // Requests that have already arrived join the batch.
    await setImmediate();
    const batch = [...waiting].slice(0, MAX_BATCH_SIZE);
    for (const [key] of batch) waiting.delete(key);
    try {
      if (batch.length === 0) return;
      const found = await findMany(batch.map(([key]) => key));
      for (const [key, { resolve }] of batch) resolve(found.get(key));
    } catch (error) {
      for (const [, { reject }] of batch) reject(error);
    } finally {
      running -= 1;
      if (waiting.size > 0) void runBatch();
    }
  };

  return (key) => {
    const request = waiting.get(key) ?? Promise.withResolvers<Value | undefined>();
    waiting.set(key, request);
    if (running < MAX_CONCURRENT_BATCHES) void runBatch();
    return request.promise;
  };
}
