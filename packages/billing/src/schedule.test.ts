import { expect, test } from "vitest";
import { nextGrantAttempt, nextLateLook, nextOrderCheck, nextReversalCheck } from "./schedule.ts";

const minute = 60_000;
const order = { createdAtMs: 0, expiresAtMs: 30 * minute };

test.each([
  { nowMs: 0, next: 10_000, says: "every 10 s in its first minute" },
  { nowMs: 59_999, next: 69_999, says: "every 10 s up to its first minute" },
  { nowMs: minute, next: minute + 30_000, says: "every 30 s after it" },
  { nowMs: 5 * minute, next: 10 * minute, says: "every 5 minutes after five" },
  { nowMs: 29 * minute, next: 30 * minute, says: "at its end" },
  { nowMs: 30 * minute, next: 35 * minute, says: "5 minutes after its end" },
  { nowMs: 35 * minute, next: 90 * minute, says: "an hour after its end" },
  { nowMs: 90 * minute, next: 30 * minute + 86_400_000, says: "a day after its end" },
  { nowMs: 30 * minute + 86_400_000, next: null, says: "never again after that" },
])("an order is asked for $says", ({ nowMs, next }) => {
  expect(nextOrderCheck(order, nowMs)).toBe(next);
});

test("the checks of an order always go forward, and end", () => {
  let [nowMs, checks] = [0, 0];
  for (let next: number | null = 0; next !== null; checks += 1) {
    nowMs = next;
    next = nextOrderCheck(order, nowMs);
    if (next !== null) expect(next).toBeGreaterThan(nowMs);
  }
  expect(checks).toBeLessThan(40);
});

test("a payment that is not credited is tried at once, and later every 5 minutes", () => {
  expect([1, 2, 3, 9, 10, 1_000].map((attempts) => nextGrantAttempt(attempts, 0))).toEqual([
    ...[1_000, 2_000, 4_000, 256_000, 300_000, 300_000],
  ]);
});

test("a reversal is looked at after a minute, and later every hour", () => {
  expect([1, 2, 7, 50].map((attempts) => nextReversalCheck(attempts, 0))).toEqual([
    ...[minute, 2 * minute, 60 * minute, 60 * minute],
  ]);
});

test("money that comes late is looked for three times after the end of an order", () => {
  expect(nextLateLook(0, -1)).toBe(5 * minute);
  expect(nextLateLook(0, 5 * minute)).toBe(60 * minute);
  expect(nextLateLook(0, 86_400_000)).toBeNull();
});
