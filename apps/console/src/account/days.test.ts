import { describe, expect, test } from "vitest";
import { daysIn } from "./days.ts";

const at = (iso: string) => Date.parse(iso);

describe("the days of a time zone", () => {
  test.each([
    { zone: "Asia/Shanghai", now: "2026-11-30T16:30:00Z", today: "2026-12-01", month: "2026-12-01" },
    { zone: "America/Los_Angeles", now: "2026-12-01T07:59:59Z", today: "2026-11-30", month: "2026-11-01" },
    { zone: "UTC", now: "2026-12-31T23:59:59Z", today: "2026-12-31", month: "2026-12-01" },
  ])("at $now it is $today in $zone", ({ zone, now, today, month }) => {
    const days = daysIn(zone, at(now));
    expect(days.fromToday(0)).toBe(today);
    expect(days.monthFromNow(0)).toBe(month);
  });

  test("days and months are counted over the ends of months and years, and over a change of the clock", () => {
    const days = daysIn("Europe/Berlin", at("2027-01-31T12:00:00Z"));
    expect([-31, -30, 1, 29].map(days.fromToday)).toEqual(["2026-12-31", "2027-01-01", "2027-02-01", "2027-03-01"]);
    expect([-11, -1, 1, 12].map(days.monthFromNow)).toEqual(["2026-02-01", "2026-12-01", "2027-02-01", "2028-01-01"]);
    const inSpring = daysIn("Europe/Berlin", at("2027-03-28T22:30:00Z"));
    expect([-1, 0, 1].map(inSpring.fromToday)).toEqual(["2027-03-28", "2027-03-29", "2027-03-30"]);
  });

  test("the month of a time is that of the zone", () => {
    expect(daysIn("Asia/Shanghai").monthOf("2026-11-30T16:00:00.000Z")).toBe("2026-12");
    expect(daysIn("America/Los_Angeles").monthOf("2026-12-01T07:00:00.000Z")).toBe("2026-11");
  });
});
