import type { NoticeChannel } from "./notice-channel.ts";

/** How often the database is looked at: events of other processes arrive within a second. */
const INTERVAL_MS = 500;

/**
 * A channel for databases that cannot notify: while it has a listener, it says every half second that something may be new for
 * any user. What is new is found by reading.
 * @param hasChanged whether another process may have written since the call before
 */
export function createPollingChannel(hasChanged: () => boolean = () => true, close = () => undefined): NoticeChannel {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearInterval(timer);
  return {
    publish: async () => undefined,
    listen: (onNotice) => {
      stop();
      timer = setInterval(() => {
        if (hasChanged()) onNotice("all");
      }, INTERVAL_MS).unref();
      return stop;
    },
    close: async () => {
      stop();
      close();
    },
  };
}
