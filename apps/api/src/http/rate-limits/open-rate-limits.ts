import type { Database } from "@jifen/database";
import type { Logger } from "pino";
import { createCounters } from "./counters.ts";
import { createDatabaseCounters } from "./database-counters.ts";
import { createRateLimits, type RateLimits, type Rates } from "./rate-limits.ts";
import { connectRedis } from "./redis.ts";

/** Where and how much is counted. */
type Options = {
  readonly settings: {
    readonly rates: Rates;
    readonly countsIn: "memory" | "database";
    readonly redisUrl: string | undefined;
  };
  readonly database: Pick<Database, "counters">;
  readonly nowMs: () => number;
  readonly log: Logger;
};

/** Rate limits that count in Redis, in the database or in this process, as the settings say. */
export async function openRateLimits({
  settings: { rates, countsIn, redisUrl },
  database,
  nowMs,
  log,
}: Options): Promise<{ readonly rateLimits: RateLimits; readonly close: () => Promise<void> }> {
  const redis = redisUrl === undefined ? undefined : await connectRedis(redisUrl, log);
  const inProcess = createCounters(redis);
  const isStored = countsIn === "database" && redis === undefined;
  const counters = isStored ? createDatabaseCounters(database.counters, nowMs, inProcess) : inProcess;
  return { rateLimits: createRateLimits(counters, rates), close: async () => redis?.close() };
}
