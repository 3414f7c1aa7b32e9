import type { UserId } from "@jifen/core";
import { createLookLoop } from "./look-loop.ts";
import type { Subscriber } from "./subscriber.ts";

/** What is new for one user, read once for all subscribers. */
export type Feed<State> = {
  readonly userId: UserId;
  readonly subscribers: ReadonlySet<Subscriber>;
  /** What was read last. A look changes it. */
  readonly state: State;
};

/** How feeds of one kind are read. */
export type FeedReader<State> = {
  /** Reads where a new feed begins: what was committed before is not new. */
  open(userId: UserId): Promise<State>;
  /** Reads what is new and delivers it. A feed of which something could not be read is read again when this rejects. */
  look(feeds: readonly Feed<State>[]): Promise<void>;
};

/** The feeds of one kind. */
export type Feeds = {
  /** Adds a subscriber: what is committed from now on is delivered to it. @throws the error of `open` */
  join(subscriber: Subscriber): Promise<void>;
  leave(subscriber: Subscriber): void;
  /** Reads soon what is new for a user. */
  mark(userId: UserId): void;
  markAll(): void;
  stop(): void;
};

/** A feed that is being opened has no state yet. */
type OpeningFeed<State> = {
  readonly userId: UserId;
  readonly subscribers: Set<Subscriber>;
  readonly opened: Promise<State>;
  state: State | undefined;
};

/** Creates the feeds. A feed exists while it has subscribers. */
export function createFeeds<State extends object>({ open, look }: FeedReader<State>): Feeds {
  const feeds = new Map<UserId, OpeningFeed<State>>();
  const loop = createLookLoop<OpeningFeed<State>>((marked) => look(marked.filter(isOpen)));

  const openFeed = (userId: UserId): OpeningFeed<State> => {
    const feed: OpeningFeed<State> = { userId, subscribers: new Set(), opened: open(userId), state: undefined };
    feeds.set(userId, feed);
    return feed;
  };
  const leave = (feed: OpeningFeed<State>, subscriber: Subscriber) => {
    feed.subscribers.delete(subscriber);
    if (feed.subscribers.size > 0) return;
    if (feeds.get(feed.userId) === feed) feeds.delete(feed.userId);
    loop.forget(feed);
  };
  return {
    join: async (subscriber) => {
      const feed = feeds.get(subscriber.userId) ?? openFeed(subscriber.userId);
      feed.subscribers.add(subscriber);
      try {
        feed.state ??= await feed.opened;
      } catch (error) {
        leave(feed, subscriber);
        throw error;
      }
      // A notice that came meanwhile found no state to compare with.
      loop.mark(feed);
    },
    leave: (subscriber) => {
      const feed = feeds.get(subscriber.userId);
      if (feed) leave(feed, subscriber);
    },
    mark: (userId) => {
      const feed = feeds.get(userId);
      if (feed) loop.mark(feed);
    },
    markAll: () => {
      for (const feed of feeds.values()) loop.mark(feed);
    },
    stop: loop.stop,
  };
}

const isOpen = <State>(feed: OpeningFeed<State>): feed is OpeningFeed<State> & Feed<State> =>
  feed.state !== undefined && feed.subscribers.size > 0;
