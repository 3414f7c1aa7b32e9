import { setTimeout } from "node:timers/promises";
import { openFaultProxy, startPostgresqlPair } from "@jifen/testkit/processes";
import { scratchDatabase } from "../scratch.ts";

/** A new database on a PostgreSQL primary with a synchronous standby, at one address that follows the primary. */
export type PromotableDatabase = AsyncDisposable & {
  /** The address for servers. */
  readonly url: string;
  /** The database on the standby, which can be read after the promotion. */
  readonly promotedUrl: string;
  /** Kills the primary, promotes the standby, and lets the address lead to it. */
  promote(): Promise<void>;
};

/** Starts both servers and creates a database, which is gone with them. */
export async function startPromotableDatabase(): Promise<PromotableDatabase> {
  const pair = await startPostgresqlPair();
  const { url } = await scratchDatabase(pair.primary.url);
  const promotedUrl = Object.assign(new URL(pair.standby.url), { pathname: new URL(url).pathname }).href;
  const proxy = await openFaultProxy(url);
  return {
    url: proxy.url,
    promotedUrl,
    promote: async () => {
      // What the primary acknowledged without its standby would be missing after the promotion.
      await pair.disconnect();
      await setTimeout(500);
      await pair.primary.kill();
      await pair.promote();
      proxy.redirectTo(promotedUrl);
    },
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await pair[Symbol.asyncDispose]();
    },
  };
}
