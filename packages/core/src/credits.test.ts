import { describe, expect, test } from "vitest";
import { credits, MAX_AMOUNT, MAX_BALANCE } from "./credits.ts";

describe("an amount of credits", () => {
  test.each([0, 1, MAX_AMOUNT, MAX_BALANCE])("%d is one", (value) => {
    expect(credits(value)).toBe(value);
  });

  test.each([
    { value: -1, says: "below zero" },
    { value: 0.5, says: "a part of a credit" },
    { value: MAX_BALANCE + 1, says: "more than an account may hold" },
    { value: Number.MAX_SAFE_INTEGER + 1, says: "more than a double counts exactly" },
    { value: Number.NaN, says: "not a number" },
    { value: Number.POSITIVE_INFINITY, says: "without an end" },
    { value: "5" as unknown as number, says: "text" },
    { value: 5n as unknown as number, says: "a bigint" },
  ])("refuses what is $says: $value", ({ value }) => {
    expect(() => credits(value)).toThrow(RangeError);
  });
});
