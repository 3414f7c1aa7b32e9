import { describe, expect, test } from "vitest";
import { readLines, totalOf } from "./read-lines.ts";

describe("the lines of a list of users", () => {
  test("addresses with and without an amount are read, whatever separates them, and empty lines do not count", () => {
    const { good, bad } = readLines("a@x.com\r\n\n b@x.com,50 \nc@x.com\t7\nd@x.com ; 9\n");
    expect(good).toEqual([
      { userId: "a@x.com", amount: undefined },
      { userId: "b@x.com", amount: 50 },
      { userId: "c@x.com", amount: 7 },
      { userId: "d@x.com", amount: 9 },
    ]);
    expect(bad).toEqual([]);
  });

  test.each([
    "no address",
    "a@x.com,0",
    "a@x.com,-5",
    "a@x.com,1.5",
    "a@x.com,5,b@x.com",
    "a@x.com,5 credits",
    "@",
    "5",
  ])("the line %j is not read as something else", (text) => {
    expect(readLines(text)).toEqual({ good: [], bad: [{ number: 1, text, repeats: undefined }] });
  });

  test("a user who is named again, in any case, is named with the first line", () => {
    const { good, bad } = readLines("a@x.com,1\nb@x.com\nA@X.com,2");
    expect(good.map(({ userId }) => userId)).toEqual(["a@x.com", "b@x.com"]);
    expect(bad).toEqual([{ number: 3, text: "A@X.com,2", repeats: 1 }]);
  });

  test("the total counts the own amounts and the one for all, and is not known without it", () => {
    const lines = readLines("a@x.com,1\nb@x.com\nc@x.com");
    expect(totalOf(lines, 10)).toBe(21);
    expect(totalOf(lines, undefined)).toBeUndefined();
    expect(totalOf(readLines("a@x.com,1\nb@x.com,2"), undefined)).toBe(3);
  });
});
