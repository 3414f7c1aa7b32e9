import { expect, test } from "vitest";
import { JifenError, type JifenErrorCode } from "../error.ts";
import { pressAfter } from "./press-settlement.ts";

const failure = (code: JifenErrorCode) => new JifenError({ code, details: {}, message: code });
const press = { idempotencyKey: "key-1", quote: "quote-1" };

test.each<{ code: JifenErrorCode; isFirst: boolean; ends: boolean }>([
  { code: "INSUFFICIENT_CREDITS", isFirst: true, ends: true },
  { code: "INSUFFICIENT_CREDITS", isFirst: false, ends: true },
  { code: "QUOTE_EXPIRED", isFirst: false, ends: true },
  { code: "UNAUTHENTICATED", isFirst: true, ends: true },
  { code: "UNAUTHENTICATED", isFirst: false, ends: false },
  { code: "RATE_LIMITED", isFirst: true, ends: false },
  { code: "OUTCOME_UNKNOWN", isFirst: true, ends: false },
])("$code of a single call, first attempt: $isFirst, ends the press: $ends", ({ code, isFirst, ends }) => {
  const left = pressAfter(press, { failure: failure(code), isFirst, isAction: false });
  expect(left).toEqual(ends ? undefined : press);
});

// The first of two charges can have been made when the second is refused: a new key would make it again.
test.each<JifenErrorCode>([
  "INSUFFICIENT_CREDITS",
  "UNAUTHENTICATED",
  "VALIDATION_FAILED",
  "HOLD_ALREADY_RESOLVED",
  "HOLD_NOT_FOUND",
])("%s of an action leaves the press as it is", (code) => {
  for (const isFirst of [true, false]) {
    expect(pressAfter(press, { failure: failure(code), isFirst, isAction: true })).toEqual(press);
  }
});

test("QUOTE_EXPIRED of an action keeps the key, and forgets the quote", () => {
  const left = pressAfter(press, { failure: failure("QUOTE_EXPIRED"), isFirst: false, isAction: true });
  expect(left).toEqual({ idempotencyKey: "key-1" });
});

test.each([true, false])("a failure that is no refusal leaves the press as it is, of an action: %s", (isAction) => {
  expect(pressAfter(press, { failure: new Error("lost"), isFirst: true, isAction })).toEqual(press);
});
