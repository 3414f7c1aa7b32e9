import { setImmediate } from "node:timers/promises";

/** More than one, so that a look-up that hangs does not hold up all others. */
const RUNNING_AT_MOST = 2;
const TOGETHER_AT_MOST = 500;

/** Finds those that there are, in any order. */
export type FindMany<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;

/**
 * Makes a look-up of one thing from a look-up of many: what is asked for in one moment goes together, and so does what is
 * asked for while others are being looked up. A lone one waits for nobody. When a look-up fails, all who wait for it hear
 * of it.
 */
export function createBatchLoader<Key, Value>(
  findMany: FindMany<Key, Value>,
): (key: Key) => Promise<Value | undefined> {
  const waiting = new Map<Key, PromiseWithResolvers<Value | undefined>>();
  let running = 0;

  const runWaiting = async (): Promise<void> => {
    running += 1;
    // What has already arrived is heard first.
    await setImmediate();
    const batch = [...waiting].slice(0, TOGETHER_AT_MOST);
    for (const [key] of batch) waiting.delete(key);
    try {
      if (batch.length === 0) return;
      const found = await findMany(batch.map(([key]) => key));
      for (const [key, { resolve }] of batch) resolve(found.get(key));
    } catch (error) {
      for (const [, { reject }] of batch) reject(error);
    } finally {
      running -= 1;
      if (waiting.size > 0) void runWaiting();
    }
  };

  return (key) => {
    const asked = waiting.get(key) ?? Promise.withResolvers<Value | undefined>();
    waiting.set(key, asked);
    if (running < RUNNING_AT_MOST) void runWaiting();
    return asked.promise;
  };
}
