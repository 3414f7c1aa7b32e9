import type { Redis } from "ioredis";
import type { Logger } from "pino";

/** A connection to Redis that reconnects automatically. */
export type RedisConnection = { readonly client: Redis; close(): Promise<void> };

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 500;
const MAX_RECONNECT_DELAY_MS = 2_000;

/** Connects in the background. The driver is imported only when Redis is configured. */
export async function connectRedis(url: string, log: Logger): Promise<RedisConnection> {
  const { Redis } = await import("ioredis");
  const client = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(50 * 2 ** times, MAX_RECONNECT_DELAY_MS),
  });
  let [isDisconnected, isClosed] = [false, false];
  // Only the message: the error object of a wrong password contains the password.
  let reason = "";
  client.on("error", ({ message }: Error) => {
    reason = message;
  });
  client.on("close", () => {
    // This event follows every failed attempt. Log only the first one.
    if (!isDisconnected && !isClosed) {
      log.warn({ reason }, "Redis is unavailable: rate limits are counted in this process until it is back");
    }
    isDisconnected = true;
  });
  client.on("ready", () => {
    if (isDisconnected) log.info("Redis is available again");
    isDisconnected = false;
  });
  return {
    client,
    close: async () => {
      isClosed = true;
      client.disconnect();
    },
  };
}
