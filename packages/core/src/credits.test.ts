import { describe, expect, test } from "vitest";
import { credits, MAX_AMOUNT, MAX_BALANCE } from "./credits.ts";

describe("credits", () => {
  test.each([0, 1, MAX_AMOUNT, MAX_BALANCE])("credits accepts %d", (value) => {
    expect(credits(value)).toBe(value);
  });

  test.each([
    { value: -1, says: "a negative number" },
    { value: 0.5, says: "a fraction" },
    { value: MAX_BALANCE + 1, says: "more than the maximum balance" },
    { value: Number.MAX_SAFE_INTEGER + 1, says: "more than a double represents exactly" },
    { value: Number.NaN, says: "NaN" },
    { value: Number.POSITIVE_INFINITY, says: "Infinity" },
    { value: "5" as unknown as number, says: "a string" },
    { value: 5n as unknown as number, says: "a bigint" },
  ])("credits refuses $says: $value", ({ value }) => {
    expect(() => credits(value)).toThrow(RangeError);
  });
});
