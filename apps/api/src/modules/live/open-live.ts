import type { Database } from "@jifen/database";
import type { Authentication } from "../identity/credentials/authenticate.ts";
import { createLive, type LiveBase } from "./create-live.ts";
import type { Deps } from "./deps.ts";
import type { News } from "./news.ts";
import { createNoticeSender } from "./notice-sender.ts";

type Options = Omit<LiveBase, "channel" | "random"> & {
  readonly database: Pick<Database, "notices">;
  readonly settings: { readonly redisUrl: string | undefined };
  readonly authentication: Authentication;
  /** What this process commits. */
  readonly news: News;
};

/** Live events, with notices by Redis where it is configured, otherwise by the database. */
export async function openLive({ settings, authentication, news, ...base }: Options): Promise<{
  readonly deps: Deps;
  /** How many streams are open. */
  readonly subscribers: () => number;
  readonly close: () => Promise<void>;
}> {
  const { redisUrl } = settings;
  const redis =
    redisUrl === undefined ? undefined : await (await import("./redis-channel.ts")).openRedisChannel(redisUrl);
  const channel = redis ?? base.database.notices;
  const live = createLive({ ...base, channel, random: Math.random });
  const sender = createNoticeSender(channel);
  news.listen(live.mark);
  news.listen(sender.add);
  return {
    deps: { live, authentication },
    subscribers: live.subscribers,
    close: async () => {
      live.stop();
      sender.close();
      await redis?.close();
    },
  };
}
