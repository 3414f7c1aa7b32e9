import { expect, test } from "vitest";
import { monthAfter, startOfMonth } from "./month.ts";
import { spansOf } from "./spans.ts";

const at = (month: string, timeZone: string) => new Date(startOfMonth(month, timeZone)).toISOString();

test.each([
  { month: "2026-11", zone: "Asia/Shanghai", iso: "2026-10-31T16:00:00.000Z" },
  { month: "2026-11", zone: "America/New_York", iso: "2026-11-01T04:00:00.000Z" },
  { month: "2026-12", zone: "America/New_York", iso: "2026-12-01T05:00:00.000Z" },
  { month: "2026-11", zone: "Asia/Kathmandu", iso: "2026-10-31T18:15:00.000Z" },
  { month: "2026-11", zone: "Pacific/Chatham", iso: "2026-10-31T10:15:00.000Z" },
  { month: "2000-01", zone: "Pacific/Kiritimati", iso: "1999-12-31T10:00:00.000Z" },
])("$month begins at $iso in $zone", ({ month, zone, iso }) => {
  expect(at(month, zone)).toBe(iso);
});

test.each([
  ["2026-11", "2026-12"],
  ["2026-12", "2027-01"],
  ["2024-02", "2024-03"],
])("the month after %s is %s", (month, next) => {
  expect(monthAfter(month)).toBe(next);
});

test.each([
  "Asia/Shanghai",
  "America/New_York",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Pacific/Chatham",
  "America/St_Johns",
  "Pacific/Apia",
])("months of thirty years are the months of sums in %s", (timeZone) => {
  let month = "2007-01";
  const starts: number[] = [];
  for (; month < "2037-01"; month = monthAfter(month)) starts.push(startOfMonth(month, timeZone));
  const [fromMs, toMs] = [starts[0] as number, startOfMonth(month, timeZone)];
  expect(spansOf({ timeZone, unit: "month", fromMs, toMs }).spans).toEqual(
    starts.map((start, index) => ({ fromMs: start, toMs: starts[index + 1] ?? toMs })),
  );
});
