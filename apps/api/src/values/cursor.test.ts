import { operations } from "@jifen/contract";
import { userId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { keyCursor, newestUserCursor, orderCursor, reviewCursor, userCursor } from "./cursor.ts";

const { cursor: zCursor } = operations.users.list.input.shape;

/** The latest time that a cursor can have. */
const latestMs = 999_999_999_999_999;
/** An e-mail address has 254 bytes of UTF-8 at most. */
const longestId = userId(`${"é".repeat(121)}@example.com`);

describe("the longest cursors", () => {
  test.each([
    { of: "users", cursor: userCursor, position: longestId },
    { of: "users, newest first", cursor: newestUserCursor, position: { createdAtMs: latestMs, id: longestId } },
    { of: "keys", cursor: keyCursor, position: { createdAtMs: latestMs, id: "z".repeat(20) } },
    { of: "orders", cursor: orderCursor, position: "f".repeat(32) },
    {
      of: "reviews",
      cursor: reviewCursor,
      position: { sinceMs: latestMs, kind: "shortfall" as const, id: "积".repeat(100) },
    },
  ])("the cursor of a page of $of is accepted by the contract, and read as it was written", ({ cursor, position }) => {
    const text = cursor.write(position as never);
    expect(zCursor.parse(text)).toBe(text);
    expect(cursor.read(text)).toEqual({ ok: true, value: position });
  });
});
