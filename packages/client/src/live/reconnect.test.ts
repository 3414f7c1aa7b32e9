import { expect, test } from "vitest";
import { JifenError, type JifenErrorCode } from "../error.ts";
import { reconnectDelayMs } from "./reconnect.ts";

const failure = (code: JifenErrorCode, more: { status?: number; retryAfterSeconds?: number } = {}) =>
  new JifenError<JifenErrorCode>({ code, details: {} as never, message: code, ...more });

test("delays grow to 30 seconds, and half of each is random", () => {
  const error = failure("NETWORK_ERROR");
  const delays = [1, 2, 3, 7, 8, 100].map((failures) => reconnectDelayMs({ error, failures, random: 1 }));
  expect(delays).toEqual([500, 1_000, 2_000, 30_000, 30_000, 30_000]);
  expect(reconnectDelayMs({ error, failures: 2, random: 0 })).toBe(500);
});

test("a delay is at least Retry-After", () => {
  const error = failure("RATE_LIMITED", { status: 429, retryAfterSeconds: 15 });
  expect(reconnectDelayMs({ error, failures: 1, random: 0 })).toBe(15_000);
});

test.each<{ says: string; error: JifenError; reconnects: boolean }>([
  { says: "an overloaded server", error: failure("OVERLOADED"), reconnects: true },
  { says: "a database without an answer", error: failure("DATABASE_UNAVAILABLE"), reconnects: true },
  { says: "an internal error", error: failure("INTERNAL_ERROR"), reconnects: true },
  { says: "a proxy without a server", error: failure("UNEXPECTED_RESPONSE", { status: 502 }), reconnects: true },
  { says: "another page", error: failure("UNEXPECTED_RESPONSE", { status: 404 }), reconnects: false },
  { says: "a refused credential", error: failure("FORBIDDEN"), reconnects: false },
  { says: "invalid input", error: failure("VALIDATION_FAILED"), reconnects: false },
  { says: "a getToken that throws", error: failure("NOT_SENT"), reconnects: false },
])("after $says a new connection is tried: $reconnects", ({ error, reconnects }) => {
  expect(reconnectDelayMs({ error, failures: 1, random: 0 }) !== undefined).toBe(reconnects);
});

test("a session that has ended is tried once more, with a new token", () => {
  const error = failure("UNAUTHENTICATED", { status: 401 });
  expect(reconnectDelayMs({ error, failures: 1, random: 0 })).toBeDefined();
  expect(reconnectDelayMs({ error, failures: 2, random: 0 })).toBeUndefined();
});
