import { QUARTER_MS, quarterOf } from "@jifen/database";
import { constantFrom, integer, property, assert as propertyHolds } from "fast-check";
import { describe, expect, test } from "vitest";
import { localUnitOf } from "./local-units.ts";
import { type Span, spansOf } from "./spans.ts";
import { offsetSecondsAt } from "./time-zone.ts";
import { offsetsBetween } from "./utc-offsets.ts";

const zones = [
  "Asia/Shanghai",
  "America/New_York",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Pacific/Chatham",
  "Antarctica/Troll",
];

/** What Intl shows on the wall at a quarter, without any arithmetic of offsets. */
function clockOf(timeZone: string): (quarter: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return (quarter) => format.format(quarter * QUARTER_MS);
}

const shown = { hour: 13, day: 10, month: 7 } as const;

/** The spans as one reads them off a clock, quarter by quarter: a new one where the text changes, or its hour again. */
function readSpans(timeZone: string, unit: keyof typeof shown, [from, to]: readonly [number, number]): Span[] {
  const clock = clockOf(timeZone);
  const spans: Span[] = [];
  let before = "";
  for (let quarter = from; quarter < to; quarter++) {
    const now = clock(quarter);
    const isNew = now.slice(0, shown[unit]) !== before.slice(0, shown[unit]) || (unit === "hour" && now < before);
    const fromMs = (isNew ? undefined : spans.pop())?.fromMs ?? quarter * QUARTER_MS;
    spans.push({ fromMs, toMs: (quarter + 1) * QUARTER_MS });
    before = now;
  }
  return spans;
}

/** The days from 2024 to 2027 on which the clocks of a zone change, and for zones without any, the first of each month. */
function daysOfInterest(timeZone: string): number[] {
  const days = Array.from({ length: 1461 }, (_, day) => Date.UTC(2024, 0, 1 + day));
  const clock = clockOf(timeZone);
  const minutesAt = (ms: number) => clock(quarterOf(ms)).slice(-5);
  const changes = days.filter((ms, at) => at > 0 && minutesAt(ms) !== minutesAt(ms - 86_400_000));
  return changes.length > 0 ? changes : days.filter((ms) => new Date(ms).getUTCDate() === 1);
}

/** Ranges of up to nine days that contain such a day, or begin or end near it. */
const rangeIn = (timeZone: string) => {
  const day = constantFrom(...daysOfInterest(timeZone));
  const before = integer({ min: -100, max: 400 });
  const length = integer({ min: 1, max: 500 });
  return [day, before, length] as const;
};

const startOf = (dayMs: number, before: number) => quarterOf(dayMs) - before;

describe.each(zones)("spans in %s", (timeZone) => {
  const [day, before, length] = rangeIn(timeZone);

  test.each(["hour", "day", "month"] as const)(`every %s of ${timeZone} is the one that a clock shows`, (unit) => {
    void propertyHolds(
      property(day, before, length, (dayMs, quarters, count) => {
        const from = startOf(dayMs, quarters);
        const { spans } = spansOf({ timeZone, unit, fromMs: from * QUARTER_MS, toMs: (from + count) * QUARTER_MS });
        expect(spans).toEqual(readSpans(timeZone, unit, [from, from + count]));
      }),
      { numRuns: 60 },
    );
  });

  test.each(["hour", "day", "month"] as const)(
    `sums by number find the %s that contains each quarter in ${timeZone}`,
    (unit) => {
      void propertyHolds(
        property(day, before, length, (dayMs, quarters, count) => {
          const from = startOf(dayMs, quarters);
          const found = spansOf({ timeZone, unit, fromMs: from * QUARTER_MS, toMs: (from + count) * QUARTER_MS });
          for (let quarter = from; quarter < from + count; quarter++) {
            const at = found.indexOf(localUnitOf(quarter, found.offsets, found.groupedBy));
            const span = found.spans[at ?? -1];
            const ms = quarter * QUARTER_MS;
            if (!span || ms < span.fromMs || ms >= span.toMs)
              throw new Error(`quarter ${quarter} is not in span ${at}`);
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  test(`every offset between two changes in ${timeZone} is the one of each quarter`, () => {
    void propertyHolds(
      property(day, before, length, (dayMs, quarters, count) => {
        const from = startOf(dayMs, quarters);
        const offsets = offsetsBetween(timeZone, from, from + count);
        const clock = clockOf(timeZone);
        for (let quarter = from; quarter < from + count; quarter++) {
          const offset = offsets.find(({ untilQuarter }) => quarter < untilQuarter)?.offsetSeconds ?? Number.NaN;
          const local = new Date(quarter * QUARTER_MS + offset * 1000).toISOString();
          if (local.slice(0, 16).replace("T", " ") !== clock(quarter))
            throw new Error(`${local} is not ${clock(quarter)}`);
        }
      }),
      { numRuns: 60 },
    );
  });
});

const hoursOf = ({ fromMs, toMs }: Span) => (toMs - fromMs) / 3_600_000;

const spansBetween = (timeZone: string, unit: "hour" | "day" | "month", [from, to]: readonly [string, string]) =>
  spansOf({ timeZone, unit, fromMs: Date.parse(from), toMs: Date.parse(to) }).spans;

test.each([
  { timeZone: "America/New_York", from: "2026-03-08T05:00Z", hours: 23, says: "has 23 hours in spring" },
  { timeZone: "America/New_York", from: "2026-11-01T04:00Z", hours: 25, says: "has 25 hours in autumn" },
  { timeZone: "Asia/Shanghai", from: "2026-11-01T16:00Z", hours: 24, says: "has 24 hours without a change" },
  { timeZone: "Australia/Lord_Howe", from: "2026-10-03T13:30Z", hours: 23.5, says: "has 23.5 hours in spring" },
  { timeZone: "Australia/Lord_Howe", from: "2026-04-04T13:00Z", hours: 24.5, says: "has 24.5 hours in autumn" },
  { timeZone: "America/Santiago", from: "2026-09-06T04:00Z", hours: 23, says: "begins at one o'clock in spring" },
])("a day of $timeZone $says", ({ timeZone, from, hours }) => {
  const twoDaysLater = new Date(Date.parse(from) + 2 * 86_400_000).toISOString();
  const [day] = spansBetween(timeZone, "day", [from, twoDaysLater]);
  expect(day && hoursOf(day)).toBe(hours);
});

test("an hour that the clock of New York repeats is two spans of one hour", () => {
  const hours = spansBetween("America/New_York", "hour", ["2026-11-01T05:00Z", "2026-11-01T08:00Z"]);
  expect(hours.map(hoursOf)).toEqual([1, 1, 1]);
});

test("a half hour that the clock of Lord Howe repeats is a span of its own", () => {
  const hours = spansBetween("Australia/Lord_Howe", "hour", ["2026-04-04T14:00Z", "2026-04-04T16:30Z"]);
  expect(hours.map(hoursOf)).toEqual([1, 0.5, 1]);
});

test("hours of Kolkata begin at half past of UTC", () => {
  const hours = spansBetween("Asia/Kolkata", "hour", ["2026-11-01T00:00Z", "2026-11-01T02:00Z"]);
  expect(hours.map(hoursOf)).toEqual([0.5, 1, 0.5]);
});

test("a day that Samoa skipped has no span, and none of the others is longer for it", () => {
  const days = spansBetween("Pacific/Apia", "day", ["2011-12-29T10:00Z", "2012-01-01T10:00Z"]);
  expect(days.map(hoursOf)).toEqual([24, 24, 24]);
});

test("a day of St. John's to which the clock went back one minute after its end does not come back", () => {
  const days = spansBetween("America/St_Johns", "day", ["2010-11-06T02:30Z", "2010-11-09T03:30Z"]);
  expect(days.map(hoursOf)).toEqual([24, 25, 24]);
});

test("ten years have 120 months, of which the last ends at the end of the range", () => {
  const months = spansBetween("Asia/Shanghai", "month", ["2015-12-31T16:00Z", "2025-12-31T16:00Z"]);
  expect(months).toHaveLength(120);
  expect(months.at(-1)).toEqual({ fromMs: Date.parse("2025-11-30T16:00Z"), toMs: Date.parse("2025-12-31T16:00Z") });
});

test("a range in the middle of a month gives a part of that month", () => {
  const range = ["2026-11-10T00:15Z", "2026-11-10T00:45Z"] as const;
  expect(spansBetween("Asia/Shanghai", "month", range)).toEqual([
    { fromMs: Date.parse(range[0]), toMs: Date.parse(range[1]) },
  ]);
});

test("an empty range has no spans and no offsets", () => {
  const { spans, offsets } = spansOf({ timeZone: "UTC", unit: "day", fromMs: 0, toMs: 0 });
  expect([spans, offsets]).toEqual([[], []]);
});

test("a number outside of the range has no span", () => {
  const found = spansOf({ timeZone: "UTC", unit: "day", fromMs: 0, toMs: 86_400_000 });
  expect([found.indexOf(-1), found.indexOf(0), found.indexOf(1)]).toEqual([undefined, 0, undefined]);
});

test("every zone was ahead of UTC by whole quarters of an hour at the start of each month from 2000 to 2037", () => {
  const months = Array.from({ length: 38 * 12 }, (_, month) => Date.UTC(2000, month, 1));
  const others = Intl.supportedValuesOf("timeZone").filter((timeZone) =>
    months.some((ms) => offsetSecondsAt(timeZone, ms) % 900 !== 0),
  );
  expect(others).toEqual([]);
});
