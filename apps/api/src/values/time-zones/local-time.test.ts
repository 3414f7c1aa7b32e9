import { constantFrom, integer, property, assert as propertyHolds } from "fast-check";
import { expect, test } from "vitest";
import { localTime } from "./local-time.ts";

test.each([
  { timeZone: "Asia/Shanghai", at: "2026-11-29T13:58:00.999Z", local: "2026-11-29T21:58:00+08:00" },
  { timeZone: "UTC", at: "2026-11-29T13:58:00Z", local: "2026-11-29T13:58:00+00:00" },
  { timeZone: "America/St_Johns", at: "2026-07-01T01:00:00Z", local: "2026-06-30T22:30:00-02:30" },
  { timeZone: "America/New_York", at: "2026-11-01T05:30:00Z", local: "2026-11-01T01:30:00-04:00" },
  { timeZone: "America/New_York", at: "2026-11-01T06:30:00Z", local: "2026-11-01T01:30:00-05:00" },
  { timeZone: "Africa/Monrovia", at: "1970-01-01T00:00:00Z", local: "1969-12-31T23:16:00-00:44" },
  { timeZone: "Asia/Shanghai", at: "9999-12-31T23:59:59Z", local: "+010000-01-01T07:59:59+08:00" },
])("$at is $local in $timeZone", ({ timeZone, at, local }) => {
  expect(localTime(Date.parse(at), timeZone)).toBe(local);
});

test("a local time means the same moment as the time it was made from, to the second", () => {
  const moment = integer({ min: Date.UTC(1800, 0, 1), max: Date.UTC(2100, 0, 1) });
  const zone = constantFrom(
    "Asia/Shanghai",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Africa/Monrovia",
  );
  void propertyHolds(
    property(moment, zone, (epochMs, timeZone) => {
      expect(Date.parse(localTime(epochMs, timeZone))).toBe(Math.floor(epochMs / 1000) * 1000);
    }),
  );
});
