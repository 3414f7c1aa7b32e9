import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, type UserId } from "@jifen/core";
import type { NoticeChannel } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import { type LogReading, readMissed, resyncAt } from "./arrived-logs.ts";
import { createBalanceFeeds } from "./balance-feeds.ts";
import { createLogFeeds } from "./log-feeds.ts";
import type { Subscriber } from "./subscriber.ts";
import { createSubscriptions, type Subscription } from "./subscriptions.ts";

/** How often every user with a stream is looked at: a notice that was lost costs this time. */
const LOOK_MS = 15_000;

/** What live events need. */
export type LiveBase = LogReading & {
  readonly ledger: Pick<Ledger, "balance">;
  readonly channel: Pick<NoticeChannel, "listen">;
  readonly random: () => number;
  /** Aborted when the server is asked to stop. */
  readonly stopping: AbortSignal;
};

/** A stream to open. `sinceMs`: the time of the last event that its client received. */
type Opening = Pick<Subscription, "subscriber" | "check"> & { readonly sinceMs: number | undefined };

/** The live events of this process. */
export type Live = {
  /**
   * Opens a stream: what is committed from now on is delivered, and what its client missed.
   * Refuses: RATE_LIMITED, OVERLOADED. @throws DatabaseUnavailable
   */
  open(opening: Opening): Promise<Outcome<void, Refusal<"RATE_LIMITED" | "OVERLOADED">>>;
  /** Ends a stream whose client has left. */
  close(subscriber: Subscriber): void;
  /** Something is new for a user. */
  mark(userId: UserId): void;
  /** How many streams are open. */
  subscribers(): number;
  /** Ends all streams. */
  stop(): void;
};

/** Creates the live events. Notices make them quick; a look at all users with a stream finds what no notice named. */
export function createLive(base: LiveBase): Live {
  const { nowMs, channel, stopping } = base;
  const subscriptions = createSubscriptions(base);
  const [logs, balances] = [createLogFeeds(base), createBalanceFeeds(base)];
  const feeds = [logs, balances];
  const markAll = () => {
    for (const each of feeds) each.markAll();
  };
  const mark = (userId: UserId) => {
    for (const each of feeds) each.mark(userId);
  };
  const looks = setInterval(markAll, LOOK_MS).unref();
  let stopListening: (() => void) | undefined;
  const listenIfNeeded = () => {
    if (subscriptions.size() === 0) {
      stopListening?.();
      stopListening = undefined;
    } else {
      stopListening ??= channel.listen((users) => {
        if (users === "all") markAll();
        else for (const userId of users) mark(userId);
      });
    }
  };
  const stop = () => {
    clearInterval(looks);
    subscriptions.stop();
    for (const each of feeds) each.stop();
  };
  stopping.addEventListener("abort", stop, { once: true });

  const begin = async (subscriber: Subscriber, sinceMs: number | undefined) => {
    const joining = [
      ...(subscriber.shows("log") ? [logs.join(subscriber)] : []),
      ...(subscriber.shows("balance") ? [balances.join(subscriber)] : []),
    ];
    await Promise.all(joining);
    if (!subscriber.shows("log")) return;
    const missed = sinceMs === undefined ? [resyncAt(nowMs())] : await readMissed(base, subscriber.userId, sinceMs);
    for (const event of missed) subscriber.deliver(event);
  };
  return {
    open: async ({ subscriber, check, sinceMs }) => {
      const onEnd = () => {
        for (const each of feeds) each.leave(subscriber);
        listenIfNeeded();
      };
      const added = subscriptions.add({ subscriber, check, openedAtMs: nowMs(), onEnd });
      if (!added.ok) return added;
      listenIfNeeded();
      try {
        await begin(subscriber, sinceMs);
        return ok(undefined);
      } catch (error) {
        subscriptions.remove(subscriber);
        throw error;
      }
    },
    close: subscriptions.remove,
    mark,
    subscribers: subscriptions.size,
    stop,
  };
}
