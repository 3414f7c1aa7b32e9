import { type UserId, userId } from "@jifen/core";
import type { NoticedUsers } from "@jifen/database";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createNoticeSender } from "./notice-sender.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const id = (n: number): UserId => userId(`user-${n}@example.com`);

/** A sender whose channel keeps each notice until it is answered. */
function senderTo() {
  const sent: { readonly users: NoticedUsers; readonly answer: () => void }[] = [];
  const publish = (users: NoticedUsers) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    sent.push({ users, answer: resolve });
    return promise;
  };
  return { sent, ...createNoticeSender({ publish }) };
}

test("users are collected for a tenth of a second and named once", async () => {
  const { sent, add } = senderTo();
  for (let n = 0; n < 30; n += 1) add(id(n % 3));
  await vi.advanceTimersByTimeAsync(99);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent.map(({ users }) => users)).toEqual([new Set([id(0), id(1), id(2)])]);
});

test("while a notice is not answered, users wait for the next one, and no more than one is on its way", async () => {
  const { sent, add } = senderTo();
  add(id(1));
  await vi.advanceTimersByTimeAsync(100);
  for (let n = 0; n < 2_000; n += 1) add(id(n));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  sent[0]?.answer();
  await vi.advanceTimersByTimeAsync(100);
  expect(sent.map(({ users }) => users)).toEqual([new Set([id(1)]), "all"]);
});

test("nothing is sent after the end", async () => {
  const { sent, add, close } = senderTo();
  add(id(1));
  close();
  add(id(2));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual([]);
});
