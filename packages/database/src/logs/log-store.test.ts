import { expect, test } from "vitest";
import { monthsToPlace } from "./log-store.ts";
import { monthOf } from "./months.ts";

test.each([
  { now: "2026-11-28T12:00:00Z", months: ["2026_10", "2026_11", "2026_12", "2027_01", "2027_02"] },
  { now: "2026-12-31T23:59:59Z", months: ["2026_11", "2026_12", "2027_01", "2027_02", "2027_03"] },
  // 31 days before are in the month before the last one.
  { now: "2026-12-01T12:00:00Z", months: ["2026_10", "2026_11", "2026_12", "2027_01", "2027_02", "2027_03"] },
  { now: "2027-03-03T23:59:59Z", months: ["2027_01", "2027_02", "2027_03", "2027_04", "2027_05", "2027_06"] },
  { now: "2027-03-04T00:00:00Z", months: ["2027_02", "2027_03", "2027_04", "2027_05", "2027_06"] },
])("at $now, logs of the last 31 days and of the next three months have a place", ({ now, months }) => {
  expect(monthsToPlace(Date.parse(now)).map((timeMs) => monthOf(timeMs).name)).toEqual(months);
});
