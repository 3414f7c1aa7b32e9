import type { CounterStore, StoredCount } from "@jifen/database";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import type { Count, Counter, Counters } from "./counters.ts";

/**
 * Counters in the database, for all processes that share it. While the database fails, `fallback` counts, so that
 * password guessing stays limited.
 */
export const createDatabaseCounters =
  (store: CounterStore, nowMs: () => number, fallback: Counters): Counters =>
  (kind, rate) => {
    const inProcess = fallback(kind, rate);
    const storedKey = (key: string) => `${kind} ${key}`;
    const toCount = ({ points, expiresAtMs }: StoredCount): Count => ({
      consumed: points,
      remaining: Math.max(0, rate.points - points),
      resetSeconds: Math.max(1, Math.ceil((expiresAtMs - nowMs()) / 1_000)),
    });
    const add = async (key: string, seconds = rate.seconds, points = 1) => {
      const time = { nowMs: nowMs(), expiresAtMs: nowMs() + seconds * 1_000 };
      return toCount(await store.add(storedKey(key), time, points));
    };
    const counter: Counter = {
      take: async (key, seconds, points) => {
        const count = await add(key, seconds, points);
        return { ...count, isTaken: count.consumed <= rate.points };
      },
      add: (key) => add(key),
      look: async (key) => {
        const found = await store.find(storedKey(key), nowMs());
        return found && toCount(found);
      },
      clear: (key) => store.remove(storedKey(key)),
    };
    const withFallback = async <Result>(work: (using: Counter) => Promise<Result>): Promise<Result> => {
      try {
        return await work(counter);
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable || error instanceof OutcomeUnknown)) throw error;
        return work(inProcess);
      }
    };
    return {
      take: (key, seconds, points) => withFallback((using) => using.take(key, seconds, points)),
      add: (key) => withFallback((using) => using.add(key)),
      look: (key) => withFallback((using) => using.look(key)),
      clear: (key) => withFallback((using) => using.clear(key)),
    };
  };
