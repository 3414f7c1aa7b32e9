import { describe, expect, test } from "vitest";
import { zCursor, zLimit, zPathId } from "./primitives.ts";

describe("zLimit", () => {
  test.each([
    { input: undefined, limit: 20 },
    { input: 1, limit: 1 },
    { input: 100, limit: 100 },
    { input: "1", limit: 1 },
    { input: "100", limit: 100 },
  ])("zLimit parses $input as $limit", ({ input, limit }) => {
    expect(zLimit(100, 20).parse(input)).toBe(limit);
  });

  test.each([
    0,
    101,
    -1,
    1.5,
    Number.NaN,
    null,
    true,
    [5],
    "",
    "0",
    "101",
    "-1",
    "1.5",
    "1e1",
    "0x1",
    "05",
    " 5",
    "５",
  ])("zLimit refuses %j with one message in both languages", (input) => {
    const { error } = zLimit(100, 20).safeParse(input);
    expect(error?.issues.map(({ message }) => message)).toEqual([
      "必须是 1 到 100 之间的整数\u001fmust be a whole number from 1 to 100",
    ]);
  });
});

describe("zCursor", () => {
  test.each(["a", "eyJpZCI6MX0=", "~".repeat(512)])("zCursor accepts %s", (input) => {
    expect(zCursor.parse(input)).toBe(input);
  });

  test.each(["", "a b", "a\n", "é", "~".repeat(513), 5, null])("zCursor refuses %j", (input) => {
    expect(zCursor.safeParse(input).success).toBe(false);
  });
});

describe("zPathId", () => {
  const zHoldId = zPathId("hold-0199c5c5-5c56-7a21-b4b2-0b9f0e7b3a8e");

  test.each(["hold-0199c5c5-5c56-7a21-b4b2-0b9f0e7b3a8e", "A", "9".repeat(100)])("zPathId accepts %s", (input) => {
    expect(zHoldId.parse(input)).toBe(input);
  });

  test.each(["", "a/b", "..", "a.b", "a b", "a\n", "a\u0000", "ａ", "%2F", "9".repeat(101), 5])(
    "zPathId refuses %j",
    (input) => {
      expect(zHoldId.safeParse(input).success).toBe(false);
    },
  );
});
