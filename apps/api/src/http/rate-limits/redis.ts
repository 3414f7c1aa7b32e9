import type { Redis } from "ioredis";
import type { Logger } from "pino";

/** A connection to Redis that is made again whenever it breaks. */
export type RedisConnection = { readonly client: Redis; close(): Promise<void> };

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 500;
const LONGEST_PAUSE_MS = 2_000;

/** Connects in the background: what needs Redis does without it until then. Loaded only where it is used. */
export async function connectRedis(url: string, log: Logger): Promise<RedisConnection> {
  const { Redis } = await import("ioredis");
  const client = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(50 * 2 ** times, LONGEST_PAUSE_MS),
  });
  let [isAway, isClosed] = [false, false];
  // Its words alone: the error of a wrong password carries the password that was tried.
  let reason = "";
  client.on("error", ({ message }: Error) => {
    reason = message;
  });
  client.on("close", () => {
    // With every attempt to connect: once for each time it is away is enough.
    if (!isAway && !isClosed) {
      log.warn({ reason }, "Redis is away: limits are counted in this process until it is back");
    }
    isAway = true;
  });
  client.on("ready", () => {
    if (isAway) log.info("Redis is back");
    isAway = false;
  });
  return {
    client,
    close: async () => {
      isClosed = true;
      client.disconnect();
    },
  };
}
