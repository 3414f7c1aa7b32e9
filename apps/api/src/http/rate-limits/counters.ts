import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { RedisConnection } from "./redis.ts";

/** `points` in `seconds`. */
export type Rate = { readonly points: number; readonly seconds: number };

/** The state of a counter. */
export type Count = { readonly consumed: number; readonly remaining: number; readonly resetSeconds: number };

/** Counts events of one kind, by key, in fixed windows. */
export type Counter = {
  /** Counts one event, or `points`, unless the limit is reached. `seconds` overrides the length of a window that it starts. */
  take(key: string, seconds?: number, points?: number): Promise<Count & { readonly isTaken: boolean }>;
  /** Counts one event even when the limit is reached. */
  add(key: string): Promise<Count>;
  /** Reads the state without counting; undefined when the key has no window. */
  look(key: string): Promise<Count | undefined>;
  /** Deletes the state of a key. */
  clear(key: string): Promise<void>;
};

/** Creates the counter of one kind of event. */
export type Counters = (kind: string, rate: Rate) => Counter;

const toCount = (res: RateLimiterRes): Count => ({
  consumed: res.consumedPoints,
  remaining: Math.max(0, res.remainingPoints),
  resetSeconds: Math.max(1, Math.ceil(res.msBeforeNext / 1_000)),
});

/** Counters in the memory of this process, or in Redis for all processes, with memory as the fallback while Redis fails. */
export const createCounters =
  (redis: RedisConnection | undefined): Counters =>
  (kind, { points, seconds }) => {
    const options = { keyPrefix: `jifen:${kind}`, points, duration: seconds };
    const memory = new RateLimiterMemory(options);
    const limiter = redis
      ? new RateLimiterRedis({
          ...options,
          storeClient: redis.client,
          insuranceLimiter: memory,
          rejectIfRedisNotReady: true,
        })
      : memory;
    return {
      take: async (key, custom, taking = 1) => {
        try {
          const taken = await limiter.consume(key, taking, custom === undefined ? {} : { customDuration: custom });
          return { ...toCount(taken), isTaken: true };
        } catch (rejected) {
          if (!(rejected instanceof RateLimiterRes)) throw rejected;
          return { ...toCount(rejected), isTaken: false };
        }
      },
      add: async (key) => toCount(await limiter.penalty(key)),
      look: async (key) => {
        const found = await limiter.get(key);
        return found === null ? undefined : toCount(found);
      },
      clear: async (key) => void (await limiter.delete(key)),
    };
  };
