import type { CounterStore, StoredCount } from "@jifen/database";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import type { Count, Counter, Counters } from "./counters.ts";

/**
 * Counters in the database, for all processes that share it. While it is away they are counted by `insurance`: whoever
 * guesses then is limited all the same.
 */
export const createDatabaseCounters =
  (store: CounterStore, nowMs: () => number, insurance: Counters): Counters =>
  (kind, rate) => {
    const inProcess = insurance(kind, rate);
    const named = (key: string) => `${kind} ${key}`;
    const toCount = ({ points, expiresAtMs }: StoredCount): Count => ({
      consumed: points,
      remaining: Math.max(0, rate.points - points),
      resetSeconds: Math.max(1, Math.ceil((expiresAtMs - nowMs()) / 1_000)),
    });
    const add = async (key: string, seconds = rate.seconds) =>
      toCount(await store.add(named(key), { nowMs: nowMs(), expiresAtMs: nowMs() + seconds * 1_000 }));
    const counter: Counter = {
      take: async (key, seconds) => {
        const count = await add(key, seconds);
        return { ...count, isTaken: count.consumed <= rate.points };
      },
      add: (key) => add(key),
      look: async (key) => {
        const found = await store.find(named(key), nowMs());
        return found && toCount(found);
      },
      clear: (key) => store.remove(named(key)),
    };
    const insured = async <Result>(work: (by: Counter) => Promise<Result>): Promise<Result> => {
      try {
        return await work(counter);
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable || error instanceof OutcomeUnknown)) throw error;
        return work(inProcess);
      }
    };
    return {
      take: (key, seconds) => insured((by) => by.take(key, seconds)),
      add: (key) => insured((by) => by.add(key)),
      look: (key) => insured((by) => by.look(key)),
      clear: (key) => insured((by) => by.clear(key)),
    };
  };
