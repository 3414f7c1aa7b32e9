import type { UserId } from "@jifen/core";

type Listener = (userId: UserId) => void;

/** Tells the parts of this process for whom something is new, right after it was committed. */
export type News = {
  announce(userId: UserId): void;
  listen(listener: Listener): void;
};

/** Creates a source of news. Its listeners run in the call: they take no time and never throw. */
export function createNews(): News {
  const listeners: Listener[] = [];
  return {
    announce: (userId) => {
      for (const listener of listeners) listener(userId);
    },
    listen: (listener) => void listeners.push(listener),
  };
}
