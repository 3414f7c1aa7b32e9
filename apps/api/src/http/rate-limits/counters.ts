import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { RedisConnection } from "./redis.ts";

/** So many in so many seconds. */
export type Rate = { readonly points: number; readonly seconds: number };

/** Where a counter stands. */
export type Count = { readonly consumed: number; readonly remaining: number; readonly resetSeconds: number };

/** Counts things of one kind, by key. Each key begins anew when its time is over. */
export type Counter = {
  /** Counts one more where there is room. `seconds`: another time than the counter's, for a key that begins anew. */
  take(key: string, seconds?: number): Promise<Count & { readonly isTaken: boolean }>;
  /** Counts one more, room or none. */
  add(key: string): Promise<Count>;
  /** Without counting anything; undefined when the key has not begun. */
  look(key: string): Promise<Count | undefined>;
  /** Forgets a key. */
  clear(key: string): Promise<void>;
};

/** Makes a counter of its own for each kind of thing. */
export type Counters = (kind: string, rate: Rate) => Counter;

const toCount = (res: RateLimiterRes): Count => ({
  consumed: res.consumedPoints,
  remaining: Math.max(0, res.remainingPoints),
  resetSeconds: Math.max(1, Math.ceil(res.msBeforeNext / 1_000)),
});

/** Counters in this process, or in Redis for all processes; then in this process too, as long as Redis is away. */
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
      take: async (key, custom) => {
        try {
          const taken = await limiter.consume(key, 1, custom === undefined ? {} : { customDuration: custom });
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
