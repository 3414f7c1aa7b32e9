import { userId } from "@jifen/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Subscriber } from "./subscriber.ts";
import { createSubscriptions, type Subscriptions } from "./subscriptions.ts";

let nowMs = 0;
let subscriptions: Subscriptions;
beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 0;
  subscriptions = createSubscriptions({ nowMs: () => nowMs, random: () => 0.5 });
});
afterEach(() => {
  subscriptions.stop();
  vi.useRealTimers();
});

const noCheck = async () => undefined;

function add(user: string, { check = noCheck as (subscriber: Subscriber) => Promise<void> } = {}) {
  const subscriber = new Subscriber(userId(user), new Set(["log"] as const));
  const ended: Subscriber[] = [];
  const onEnd = () => void ended.push(subscriber);
  const outcome = subscriptions.add({ subscriber, openedAtMs: nowMs, check: () => check(subscriber), onEnd });
  return { subscriber, outcome, ended };
}

test("a server has a thousand streams, and the next one when one of them ended", () => {
  const streams = Array.from({ length: 1_000 }, (_, n) => add(`user-${n}@example.com`));
  expect(streams.every(({ outcome }) => outcome.ok)).toBe(true);
  expect(add("next@example.com").outcome).toMatchObject({ refusal: { code: "OVERLOADED" } });
  subscriptions.remove(streams[0]?.subscriber as Subscriber);
  expect(subscriptions.size()).toBe(999);
  expect(add("next@example.com").outcome.ok).toBe(true);
});

test("the sixth stream of a user is refused, and those that ended do not count", () => {
  const five = Array.from({ length: 5 }, () => add("user@example.com"));
  expect(add("user@example.com").outcome).toMatchObject({ refusal: { code: "RATE_LIMITED", retryAfterSeconds: 15 } });
  for (const { subscriber } of [five[0], five[0]].flatMap((each) => each ?? [])) subscriptions.remove(subscriber);
  expect(add("user@example.com").outcome.ok).toBe(true);
  expect(add("user@example.com").outcome).toMatchObject({ refusal: { code: "RATE_LIMITED" } });
});

test("a stream whose check ends it is removed, once", async () => {
  const { subscriber, ended } = add("user@example.com", { check: async (checked) => checked.end() });
  await vi.advanceTimersByTimeAsync(1_600);
  expect(ended).toEqual([subscriber]);
  expect(await subscriber.next()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ended).toHaveLength(1);
});

test("a stream ends after fifteen minutes, and its client is asked to come again", async () => {
  const { subscriber } = add("user@example.com");
  nowMs = 899_000;
  await vi.advanceTimersByTimeAsync(1_600);
  expect(subscriber.isEnded).toBe(false);
  nowMs = 901_000;
  await vi.advanceTimersByTimeAsync(1_600);
  expect(await subscriber.next()).toBe("retry: 2500\nevent: reconnect\ndata: {}\n\n");
  expect(subscriptions.size()).toBe(0);
});

test("a heartbeat is sent every fifteen seconds", async () => {
  const { subscriber } = add("user@example.com");
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await subscriber.next()).toBe(": heartbeat\n\n");
});

test("a server that stops ends all streams and refuses new ones", async () => {
  const { subscriber } = add("user@example.com");
  subscriptions.stop();
  expect(await subscriber.next()).toContain("event: reconnect\n");
  expect(add("user@example.com").outcome).toMatchObject({ refusal: { code: "OVERLOADED" } });
  expect(subscriptions.size()).toBe(0);
});
