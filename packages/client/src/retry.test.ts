import { describe, expect, test } from "vitest";
import { JifenError, type JifenErrorCode } from "./error.ts";
import { retryDelayMs } from "./retry.ts";

const failed = (code: JifenErrorCode, facts: { status?: number; retryAfterSeconds?: number } = {}) =>
  new JifenError<JifenErrorCode>({ code, details: {}, message: code, ...facts });

const consume = { type: "mutation", path: "credits.consume" };
const unknownMutation = { type: "mutation", path: "later.thing" };

describe("retryDelayMs", () => {
  test.each([
    { attempt: 1, random: 0, delayMs: 200 },
    { attempt: 1, random: 1, delayMs: 300 },
    { attempt: 2, random: 0, delayMs: 400 },
    { attempt: 3, random: 0, delayMs: 800 },
    { attempt: 4, random: 0, delayMs: undefined },
  ])("the delay after attempt $attempt with random $random is $delayMs ms", ({ attempt, random, delayMs }) => {
    expect(retryDelayMs({ op: consume, error: failed("NETWORK_ERROR"), attempt, random })).toBe(delayMs);
  });

  test.each([
    { retryAfterSeconds: 2, delayMs: 2_000 },
    { retryAfterSeconds: 3_600, delayMs: 10_000 },
  ])("the delay with Retry-After $retryAfterSeconds is $delayMs ms", ({ retryAfterSeconds, delayMs }) => {
    const error = failed("OVERLOADED", { retryAfterSeconds });
    expect(retryDelayMs({ op: consume, error, attempt: 1, random: 0 })).toBe(delayMs);
  });
});

describe("mutations without an idempotency key that are not harmless", () => {
  test.each<{ code: JifenErrorCode; retried: boolean; why: string }>([
    { code: "OVERLOADED", retried: true, why: "it had no effect" },
    { code: "DATABASE_UNAVAILABLE", retried: true, why: "it had no effect" },
    { code: "NETWORK_ERROR", retried: false, why: "it may have taken effect" },
    { code: "OUTCOME_UNKNOWN", retried: false, why: "it may have taken effect" },
  ])("after $code a mutation that is not retry-safe is retried: $retried, because $why", ({ code, retried }) => {
    const delayMs = retryDelayMs({ op: unknownMutation, error: failed(code), attempt: 1, random: 0 });
    expect(delayMs !== undefined).toBe(retried);
  });
});

describe("responses that are not from Jifen", () => {
  test.each([
    { status: 502, retried: true },
    { status: 504, retried: true },
    { status: 200, retried: false },
    { status: 404, retried: false },
  ])("after a foreign response with status $status a call is retried: $retried", ({ status, retried }) => {
    const error = failed("UNEXPECTED_RESPONSE", { status });
    expect(retryDelayMs({ op: consume, error, attempt: 1, random: 0 }) !== undefined).toBe(retried);
  });
});
