import { describe, expect, test } from "vitest";
import { toCsv } from "./csv.ts";

describe("CSV files of the pages", () => {
  test("texts with commas, quotes and line breaks stay one cell, and missing values are empty", () => {
    expect(toCsv([["a,b", 'say "no"', "two\nlines", undefined, 5]])).toBe(
      '\uFEFF"a,b","say ""no""","two\nlines",,5\r\n',
    );
  });

  test.each(["=1+1", "+1", "-1", "@cmd", "\tx"])("the text %j does not run as a formula in a spreadsheet", (text) => {
    expect(toCsv([[text]])).toBe(`\uFEFF'${text}\r\n`);
  });

  test("a negative number stays a number", () => {
    expect(toCsv([[-5]])).toBe("\uFEFF-5\r\n");
  });
});
