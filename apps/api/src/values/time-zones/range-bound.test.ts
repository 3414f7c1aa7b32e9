import { expect, test } from "vitest";
import { parseRangeBound } from "./range-bound.ts";

test.each([
  { text: "2026-11-01", timeZone: "Asia/Shanghai", is: "2026-10-31T16:00:00.000Z" },
  { text: "2026-11-01", timeZone: "UTC", is: "2026-11-01T00:00:00.000Z" },
  { text: "2026-11-01", timeZone: "Asia/Kathmandu", is: "2026-10-31T18:15:00.000Z" },
  { text: "2026-11-01", timeZone: "America/New_York", is: "2026-11-01T04:00:00.000Z" },
  { text: "2026-11-02", timeZone: "America/New_York", is: "2026-11-02T05:00:00.000Z" },
  { text: "2026-01-01", timeZone: "Pacific/Kiritimati", is: "2025-12-31T10:00:00.000Z" },
  { text: "2026-01-01", timeZone: "Etc/GMT+12", is: "2026-01-01T12:00:00.000Z" },
  { text: "2000-01-01", timeZone: "Asia/Shanghai", is: "1999-12-31T16:00:00.000Z" },
  { text: "9999-12-31", timeZone: "America/New_York", is: "9999-12-31T05:00:00.000Z" },
])("the day $text of $timeZone begins at $is", ({ text, timeZone, is }) => {
  expect(parseRangeBound(text, timeZone)).toEqual({ ok: true, value: Date.parse(is) });
});

test("a day on which the clock skips midnight begins at one o'clock", () => {
  // 00:00 became 01:00 at 04:00 UTC.
  expect(parseRangeBound("2026-09-06", "America/Santiago")).toEqual({
    ok: true,
    value: Date.parse("2026-09-06T04:00Z"),
  });
});

test("a day that a zone skipped begins where the next day does", () => {
  const next = parseRangeBound("2011-12-31", "Pacific/Apia");
  expect(next).toEqual({ ok: true, value: Date.parse("2011-12-30T10:00Z") });
  expect(parseRangeBound("2011-12-30", "Pacific/Apia")).toEqual(next);
});

test("a day that began twice begins at its first midnight", () => {
  // At 00:01 the clock went back to 23:01.
  expect(parseRangeBound("2010-11-07", "America/St_Johns")).toEqual({
    ok: true,
    value: Date.parse("2010-11-07T02:30Z"),
  });
});

test.each([
  { text: "2026-11-01T08:15:00+08:00", is: "2026-11-01T00:15:00.000Z" },
  { text: "2026-11-01T00:45:00.000Z", is: "2026-11-01T00:45:00.000Z" },
  { text: "2026-11-01T00:00:00+05:45", is: "2026-10-31T18:15:00.000Z" },
])("the moment $text does not depend on the time zone", ({ text, is }) => {
  expect(parseRangeBound(text, "America/New_York")).toEqual({ ok: true, value: Date.parse(is) });
});

test.each([
  "",
  "2026-11",
  "2026-1-1",
  "2026-02-29",
  "2026-13-01",
  "20261101",
  "2026-11-01T08:15:00",
  "2026-11-01T08:15:00 08:00",
  "2026-11-01T08:10:00Z",
  "2026-11-01T08:15:01Z",
  "2026-11-01T08:15:00.001Z",
  "2026-11-01T08:15:00+08:07",
  "2026-02-30T00:00:00Z",
  "1793484900000",
  "tomorrow",
])("'%s' is no end of a range", (text) => {
  expect(parseRangeBound(text, "UTC")).toMatchObject({
    ok: false,
    refusal: { en: expect.stringContaining("must be a date") },
  });
});

test.each(["1999-12-31", "0001-01-01", "1999-12-31T23:45:00Z"])(
  "an end of a range before 2000 is refused: %s",
  (text) => {
    expect(parseRangeBound(text, "Asia/Manila")).toMatchObject({
      ok: false,
      refusal: { en: "must not be before 2000-01-01" },
    });
  },
);
