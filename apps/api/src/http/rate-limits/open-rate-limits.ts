import type { Database } from "@jifen/database";
import type { Logger } from "pino";
import { createCounters, type Rate } from "./counters.ts";
import { createDatabaseCounters } from "./database-counters.ts";
import type { LogBytes } from "./log-bytes.ts";
import { createRateLimits, type RateLimits, type Rates } from "./rate-limits.ts";
import { connectRedis } from "./redis.ts";

/** Where and how much is counted. */
type Options = {
  readonly settings: {
    readonly rates: Rates;
    readonly logBytesPerHour: LogBytes;
    readonly newUserRate: Rate | undefined;
    readonly orderRate: Rate | undefined;
    readonly webhookRate: Rate | undefined;
    readonly countsIn: "memory" | "database";
    readonly redisUrl: string | undefined;
  };
  readonly database: Pick<Database, "counters">;
  readonly nowMs: () => number;
  readonly log: Logger;
};

/** Rate limits that count in Redis, in the database or in this process, as the settings say. */
export async function openRateLimits({
  settings: { rates, logBytesPerHour, newUserRate, orderRate, webhookRate, countsIn, redisUrl },
  database,
  nowMs,
  log,
}: Options): Promise<{ readonly rateLimits: RateLimits; readonly close: () => Promise<void> }> {
  const redis = redisUrl === undefined ? undefined : await connectRedis(redisUrl, log);
  const inProcess = createCounters(redis);
  // Successful logins and new users are always shared and outlive a restart: they are few, and protect the accounts.
  const shared = redis ? inProcess : createDatabaseCounters(database.counters, nowMs, inProcess);
  const counters = countsIn === "database" ? shared : inProcess;
  const rateLimits = createRateLimits(
    counters,
    { ...rates, logs: logBytesPerHour, newUsers: newUserRate, orders: orderRate, webhooks: webhookRate },
    shared,
  );
  return { rateLimits, close: async () => redis?.close() };
}
