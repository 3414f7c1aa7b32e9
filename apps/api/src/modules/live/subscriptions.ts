import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { Subscriber } from "./subscriber.ts";

/** How many streams a user, and this server, can have. */
const MAX_OF_USER = 5;
const MAX_OF_SERVER = 1_000;
/** When a user with too many streams is to try again. */
const RETRY_SECONDS = 15;
/** How often each stream is checked: a session that has ended, a revoked key and a suspended user end it soon after. */
const CHECK_MS = 1_500;
/** How many streams are checked concurrently. */
const CHECKED_TOGETHER = 100;
const HEARTBEAT_MS = 15_000;
/** A stream ends after this time, and its client comes again: servers behind a load balancer share the streams again. */
const MAX_AGE_MS = 900_000;
/** Within which time clients that were asked to come again do so, so that not all of them come in the same moment. */
const RECONNECT_MS = { least: 1_000, most: 4_000 };

/** A stream, and what decides how long it lives. */
export type Subscription = {
  readonly subscriber: Subscriber;
  readonly openedAtMs: number;
  /** Checks the credential again, and restricts or ends the subscriber. Never rejects. */
  readonly check: () => Promise<void>;
  /** Called once, when the stream ends. */
  readonly onEnd: () => void;
};

/** The streams of this server. */
export type Subscriptions = {
  /** Refuses: RATE_LIMITED (too many of the user), OVERLOADED (too many of the server, or it stops). */
  add(subscription: Subscription): Outcome<void, Refusal<"RATE_LIMITED" | "OVERLOADED">>;
  /** Ends a stream, also one that has ended already. */
  remove(subscriber: Subscriber): void;
  size(): number;
  /** Ends every stream, and asks its client to come again. */
  stop(): void;
};

type SubscriptionDeps = { readonly nowMs: () => number; readonly random: () => number };

/** Creates the register of streams, which ends those that are over. */
export function createSubscriptions({ nowMs, random }: SubscriptionDeps): Subscriptions {
  const all = new Map<Subscriber, Subscription>();
  const counts = new Map<UserId, number>();
  let isStopped = false;

  const countOf = (userId: UserId) => counts.get(userId) ?? 0;
  const remove = (subscriber: Subscriber) => {
    const subscription = all.get(subscriber);
    if (!subscription) return;
    all.delete(subscriber);
    const left = countOf(subscriber.userId) - 1;
    if (left === 0) counts.delete(subscriber.userId);
    else counts.set(subscriber.userId, left);
    if (!subscriber.isEnded) subscriber.end();
    subscription.onEnd();
  };
  const endForNow = (subscriber: Subscriber) => {
    subscriber.end(Math.round(RECONNECT_MS.least + random() * (RECONNECT_MS.most - RECONNECT_MS.least)));
    remove(subscriber);
  };
  const check = async ({ subscriber, openedAtMs, check: checkRights }: Subscription) => {
    if (nowMs() - openedAtMs > MAX_AGE_MS) return endForNow(subscriber);
    await checkRights();
    if (subscriber.isEnded) remove(subscriber);
  };
  const checks = repeat(CHECK_MS, async () => {
    const subscriptions = [...all.values()];
    for (let at = 0; at < subscriptions.length; at += CHECKED_TOGETHER) {
      await Promise.all(subscriptions.slice(at, at + CHECKED_TOGETHER).map(check));
    }
  });
  const heartbeats = repeat(HEARTBEAT_MS, async () => {
    for (const subscriber of all.keys()) subscriber.beat();
  });
  return {
    add: (subscription) => {
      const { userId } = subscription.subscriber;
      if (countOf(userId) >= MAX_OF_USER) return refuse({ code: "RATE_LIMITED", retryAfterSeconds: RETRY_SECONDS });
      if (isStopped || all.size >= MAX_OF_SERVER) return refuse({ code: "OVERLOADED" });
      all.set(subscription.subscriber, subscription);
      counts.set(userId, countOf(userId) + 1);
      return ok(undefined);
    },
    remove,
    size: () => all.size,
    stop: () => {
      isStopped = true;
      for (const timer of [checks, heartbeats]) clearInterval(timer);
      for (const subscriber of all.keys()) endForNow(subscriber);
    },
  };
}

/** Repeats work that never rejects. A turn that finds the one before still running does nothing. */
function repeat(intervalMs: number, work: () => Promise<void>): NodeJS.Timeout {
  let isRunning = false;
  return setInterval(async () => {
    if (isRunning) return;
    isRunning = true;
    await work();
    isRunning = false;
  }, intervalMs).unref();
}
