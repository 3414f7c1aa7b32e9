import { createNoticeTexts, type NoticeChannel, type NoticedUsers } from "@jifen/database";
import type { RedisOptions } from "ioredis";

const CHANNEL = "jifen:live";

/** A Redis that does not answer costs a notice and never waits for long; the connection is tried again for ever. */
const options: RedisOptions = {
  connectTimeout: 2_000,
  commandTimeout: 2_000,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  keepAlive: 10_000,
  retryStrategy: (times) => Math.min(100 * 2 ** times, 2_000),
};

/** Notices by publish and subscribe of Redis, on connections of their own: one that subscribes can do nothing else. */
export async function openRedisChannel(url: string): Promise<NoticeChannel> {
  const { Redis } = await import("ioredis");
  const texts = createNoticeTexts();
  const [publisher, subscriber] = [new Redis(url, options), new Redis(url, { ...options, autoResubscribe: false })];
  let listener: ((users: NoticedUsers) => void) | undefined;
  // The log of the rate limits says when Redis is unavailable. An error event without a listener would end the process.
  for (const client of [publisher, subscriber]) client.on("error", () => undefined);
  const subscribe = () =>
    subscriber.subscribe(CHANNEL).then(
      () => listener?.("all"),
      () => undefined,
    );
  subscriber.on("ready", () => void (listener && subscribe()));
  subscriber.on("message", (_, text: string) => {
    const users = texts.read(text);
    if (users !== undefined) listener?.(users);
  });
  return {
    publish: async (users) => {
      await publisher.publish(CHANNEL, texts.write(users)).catch(() => undefined);
    },
    listen: (onNotice) => {
      listener = onNotice;
      if (subscriber.status === "ready") void subscribe();
      return () => {
        listener = undefined;
        void subscriber.unsubscribe(CHANNEL).catch(() => undefined);
      };
    },
    close: async () => {
      for (const client of [publisher, subscriber]) client.disconnect();
    },
  };
}
