import { userId } from "@jifen/core";
import { expect, test } from "vitest";
import { eventBytes } from "./event-bytes.ts";
import type { LiveEvent } from "./event-text.ts";
import { type LiveKind, Subscriber } from "./subscriber.ts";

const subscriberOf = (...kinds: readonly LiveKind[]) => new Subscriber(userId("user@example.com"), new Set(kinds));
const log = (n: number, bytes = 10): LiveEvent => ({ kind: "log", atMs: n, data: { n, text: "x".repeat(bytes) } });
const balance = (amount: number): LiveEvent => ({ kind: "balance", atMs: 1, data: { balance: amount, held: 0 } });
const resync: LiveEvent = { kind: "resync", atMs: 1, data: {} };

const kindsIn = (text: string | undefined) => [...(text ?? "").matchAll(/^event: (\w+)$/gm)].map(([, kind]) => kind);

test("all that waits is taken together, logs in their order", async () => {
  const subscriber = subscriberOf("log", "balance");
  for (const event of [resync, log(1), balance(5), log(2)]) subscriber.deliver(event);
  const text = await subscriber.next();
  expect(kindsIn(text)).toEqual(["resync", "balance"]);
  for (const event of [log(1), log(2)]) subscriber.deliver(event);
  expect(kindsIn(await subscriber.next())).toEqual(["log", "log"]);
});

test("a client that reads slowly gets resync instead of what does not fit, and then later events", async () => {
  const subscriber = subscriberOf("log");
  let longest = 0;
  for (let n = 0; n < 10_000; n += 1) subscriber.deliver(log(n, 1_000));
  const text = String(await subscriber.next());
  longest = Math.max(longest, text.length);
  expect(kindsIn(text)).toEqual(["resync"]);
  expect(text).toContain(`id: live-${(9_999).toString(36)}`);
  subscriber.deliver(log(10_000));
  expect(kindsIn(await subscriber.next())).toEqual(["log"]);
});

test("a slow client keeps the last balance, and no other", async () => {
  const subscriber = subscriberOf("balance");
  for (let amount = 0; amount < 10_000; amount += 1) subscriber.deliver(balance(amount));
  const text = String(await subscriber.next());
  expect(kindsIn(text)).toEqual(["balance"]);
  expect(text).toContain('{"balance":9999,"held":0}');
});

test("a balance that did not change is no event", async () => {
  const subscriber = subscriberOf("log", "balance");
  subscriber.deliver(balance(5));
  expect(kindsIn(await subscriber.next())).toEqual(["balance"]);
  for (const event of [balance(5), log(1)]) subscriber.deliver(event);
  expect(kindsIn(await subscriber.next())).toEqual(["log"]);
});

test("a subscriber gets no kind that it may not see, also after it was restricted", async () => {
  const subscriber = subscriberOf("log", "balance");
  for (const event of [log(1), balance(1)]) subscriber.deliver(event);
  subscriber.restrictTo((kind) => kind === "balance");
  for (const event of [log(2), resync, balance(2)]) subscriber.deliver(event);
  expect(kindsIn(await subscriber.next())).toEqual(["balance"]);
  subscriber.restrictTo(() => false);
  expect(await subscriber.next()).toBeUndefined();
});

test("while rights cannot be checked nothing is shown, and what waited comes afterwards", async () => {
  const subscriber = subscriberOf("log");
  subscriber.hold();
  subscriber.deliver(log(1));
  subscriber.beat();
  let taken: string | undefined;
  const taking = subscriber.next().then((text) => {
    taken = text;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(taken).toBeUndefined();
  subscriber.restrictTo(() => true);
  await taking;
  expect(kindsIn(taken)).toEqual(["log"]);
});

test("a stream that ends while rights cannot be checked shows nothing of what waited", async () => {
  const subscriber = subscriberOf("log", "balance");
  subscriber.hold();
  for (const event of [log(1), balance(1)]) subscriber.deliver(event);
  subscriber.end(1_000);
  expect(kindsIn(await subscriber.next())).toEqual(["reconnect"]);
  expect(await subscriber.next()).toBeUndefined();
});

test("the last words of a stream ask the client to come again, after what waited", async () => {
  const subscriber = subscriberOf("log");
  subscriber.deliver(log(1));
  subscriber.end(2_500);
  subscriber.deliver(log(2));
  const text = await subscriber.next();
  expect(kindsIn(text)).toEqual(["log", "reconnect"]);
  expect(text).toContain("retry: 2500\n");
  expect(await subscriber.next()).toBeUndefined();
});

test("a heartbeat is sent when nothing else waits, and only once however long the client does not read", async () => {
  const subscriber = subscriberOf("log");
  for (let n = 0; n < 100; n += 1) subscriber.beat();
  expect(await subscriber.next()).toBe(": heartbeat\n\n");
  for (const event of [log(1)]) subscriber.deliver(event);
  expect(kindsIn(await subscriber.next())).toEqual(["log"]);
});

test("the bytes of a stream are taken no faster than they are read, and its end is noticed once", async () => {
  const subscriber = subscriberOf("log");
  let ends = 0;
  const reader = eventBytes(subscriber, () => {
    ends += 1;
  }).getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("retry: 3000\n\n");
  for (let n = 0; n < 1_000; n += 1) subscriber.deliver(log(n, 1_000));
  expect(kindsIn(new TextDecoder().decode((await reader.read()).value))).toEqual(["resync"]);
  subscriber.end();
  expect((await reader.read()).done).toBe(true);
  expect(ends).toBe(1);
});
