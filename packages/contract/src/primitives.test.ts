import { describe, expect, test } from "vitest";
import { zCursor, zLimit, zPathId } from "./primitives.ts";

describe("a limit", () => {
  test.each([
    { sent: undefined, limit: 20 },
    { sent: 1, limit: 1 },
    { sent: 100, limit: 100 },
    { sent: "1", limit: 1 },
    { sent: "100", limit: 100 },
  ])("of $sent is $limit", ({ sent, limit }) => {
    expect(zLimit(100, 20).parse(sent)).toBe(limit);
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
  ])("of %j is refused in both languages, once", (sent) => {
    const { error } = zLimit(100, 20).safeParse(sent);
    expect(error?.issues.map(({ message }) => message)).toEqual([
      "必须是 1 到 100 之间的整数\u001fmust be a whole number from 1 to 100",
    ]);
  });
});

describe("a cursor", () => {
  test.each(["a", "eyJpZCI6MX0=", "~".repeat(200)])("may be %s", (sent) => {
    expect(zCursor.parse(sent)).toBe(sent);
  });

  test.each(["", "a b", "a\n", "é", "~".repeat(201), 5, null])("may not be %j", (sent) => {
    expect(zCursor.safeParse(sent).success).toBe(false);
  });
});

describe("an id in an address", () => {
  const zHoldId = zPathId("hold-0199c5c5-5c56-7a21-b4b2-0b9f0e7b3a8e");

  test.each(["hold-0199c5c5-5c56-7a21-b4b2-0b9f0e7b3a8e", "A", "9".repeat(100)])("may be %s", (sent) => {
    expect(zHoldId.parse(sent)).toBe(sent);
  });

  test.each(["", "a/b", "..", "a.b", "a b", "a\n", "a\u0000", "ａ", "%2F", "9".repeat(101), 5])(
    "may not be %j",
    (sent) => {
      expect(zHoldId.safeParse(sent).success).toBe(false);
    },
  );
});
