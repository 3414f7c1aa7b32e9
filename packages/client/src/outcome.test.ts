import { expect, test } from "vitest";
import { isOutcomeUnknown } from "./outcome.ts";

test.each([
  { code: "NETWORK_ERROR", wasUnknown: false, expected: true },
  { code: "INTERNAL_ERROR", wasUnknown: false, expected: true },
  { code: "RATE_LIMITED", wasUnknown: false, expected: false },
  { code: "CONFIRMATION_REQUIRED", wasUnknown: false, expected: false },
  { code: "CONFIRMATION_REQUIRED", wasUnknown: true, expected: true },
  { code: "DATABASE_UNAVAILABLE", wasUnknown: true, expected: true },
  { code: "UNAUTHENTICATED", wasUnknown: true, expected: true },
  { code: "VALIDATION_FAILED", wasUnknown: true, expected: true },
  { code: "IDEMPOTENCY_KEY_REUSED", wasUnknown: true, expected: true },
  { code: "INSUFFICIENT_CREDITS", wasUnknown: true, expected: false },
  { code: "HOLD_NOT_FOUND", wasUnknown: true, expected: false },
  { code: "ALREADY_BOUGHT", wasUnknown: true, expected: false },
  { code: "REFUND_EXCEEDS_UNUSED", wasUnknown: true, expected: false },
] as const)(
  "a call that failed with $code may have had an effect: $expected, if an earlier attempt may have: $wasUnknown",
  ({ code, wasUnknown, expected }) => {
    expect(isOutcomeUnknown(code, wasUnknown)).toBe(expected);
  },
);
