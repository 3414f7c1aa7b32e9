import { expect, test } from "vitest";
import { isTimeZone, offsetSecondsAt } from "./time-zone.ts";

test.each([
  "Asia/Shanghai",
  "Asia/Kolkata",
  "America/New_York",
  "America/Argentina/Salta",
  "UTC",
  "PRC",
  "EST5EDT",
  "Etc/GMT+8",
])("%s is a time zone", (name) => {
  expect(isTimeZone(name)).toBe(true);
});

test.each([
  "UTC+8",
  "+08:00",
  "-05",
  "GMT+8",
  "Asia/Beijing",
  "",
  " ",
  "Z",
  "CST",
  "ist",
  "Asia",
  "Asia/Shanghai ",
  "../UTC",
])("'%s' is no time zone", (name) => {
  expect(isTimeZone(name)).toBe(false);
});

test.each([
  { timeZone: "UTC", at: "2026-07-01T00:00:00Z", seconds: 0 },
  { timeZone: "Asia/Shanghai", at: "2026-07-01T00:00:00Z", seconds: 8 * 3600 },
  { timeZone: "asia/kathmandu", at: "2026-07-01T00:00:00Z", seconds: 5.75 * 3600 },
  { timeZone: "America/St_Johns", at: "2026-07-01T00:00:00Z", seconds: -2.5 * 3600 },
  { timeZone: "Asia/Shanghai", at: "1890-01-01T00:00:00Z", seconds: 8 * 3600 + 343 },
  { timeZone: "America/New_York", at: "2026-11-01T05:59:59.999Z", seconds: -4 * 3600 },
  { timeZone: "America/New_York", at: "2026-11-01T06:00:00Z", seconds: -5 * 3600 },
])("the clock of $timeZone is $seconds seconds ahead of UTC at $at", ({ timeZone, at, seconds }) => {
  expect(offsetSecondsAt(timeZone, Date.parse(at))).toBe(seconds);
});
