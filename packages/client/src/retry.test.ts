import { describe, expect, test } from "vitest";
import { JifenError, type JifenErrorCode } from "./error.ts";
import { retryDelayMs } from "./retry.ts";

const failed = (code: JifenErrorCode, facts: { status?: number; retryAfterSeconds?: number } = {}) =>
  new JifenError<JifenErrorCode>({ code, details: {}, message: code, ...facts });

const consume = { type: "mutation", path: "credits.consume" };
const unknownMutation = { type: "mutation", path: "later.thing" };

describe("the wait before the next attempt", () => {
  test.each([
    { attempt: 1, random: 0, waits: 200 },
    { attempt: 1, random: 1, waits: 300 },
    { attempt: 2, random: 0, waits: 400 },
    { attempt: 3, random: 0, waits: 800 },
    { attempt: 4, random: 0, waits: undefined },
  ])("is $waits ms after attempt $attempt with chance $random", ({ attempt, random, waits }) => {
    expect(retryDelayMs({ op: consume, error: failed("NETWORK_ERROR"), attempt, random })).toBe(waits);
  });

  test.each([
    { retryAfterSeconds: 2, waits: 2_000 },
    { retryAfterSeconds: 3_600, waits: 10_000 },
  ])("is $waits ms when the server asks for $retryAfterSeconds s", ({ retryAfterSeconds, waits }) => {
    const error = failed("OVERLOADED", { retryAfterSeconds });
    expect(retryDelayMs({ op: consume, error, attempt: 1, random: 0 })).toBe(waits);
  });
});

describe("a mutation that no key protects and that is not known to be harmless", () => {
  test.each<{ code: JifenErrorCode; again: boolean; why: string }>([
    { code: "OVERLOADED", again: true, why: "nothing was done" },
    { code: "DATABASE_UNAVAILABLE", again: true, why: "nothing was done" },
    { code: "NETWORK_ERROR", again: false, why: "it may have been done" },
    { code: "OUTCOME_UNKNOWN", again: false, why: "it may have been done" },
  ])("$code: repeated $again, because $why", ({ code, again }) => {
    const delay = retryDelayMs({ op: unknownMutation, error: failed(code), attempt: 1, random: 0 });
    expect(delay !== undefined).toBe(again);
  });
});

describe("an answer that is not Jifen's", () => {
  test.each([
    { status: 502, again: true },
    { status: 504, again: true },
    { status: 200, again: false },
    { status: 404, again: false },
  ])("with status $status: repeated $again", ({ status, again }) => {
    const error = failed("UNEXPECTED_ANSWER", { status });
    expect(retryDelayMs({ op: consume, error, attempt: 1, random: 0 }) !== undefined).toBe(again);
  });
});
