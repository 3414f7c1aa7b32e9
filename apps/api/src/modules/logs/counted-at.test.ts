import { expect, test } from "vitest";
import { countedAtMs } from "./counted-at.ts";

const arrivalMs = Date.UTC(2026, 2, 31, 12);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

test.each([
  { says: "a log of the moment counts at its timestamp", offsetMs: 0, counts: true },
  { says: "a log of one second ago counts at its timestamp", offsetMs: -1_000, counts: true },
  { says: "a log of 31 days ago counts at its timestamp", offsetMs: -31 * DAY_MS, counts: true },
  { says: "a log of 31 days and a millisecond ago counts at its arrival", offsetMs: -31 * DAY_MS - 1, counts: false },
  { says: "a log of the year 0001 counts at its arrival", offsetMs: Date.UTC(-1969, 0) - arrivalMs, counts: false },
  { says: "a log that is 5 minutes ahead counts at its timestamp", offsetMs: 5 * MINUTE_MS, counts: true },
  { says: "a log more than 5 minutes ahead counts at its arrival", offsetMs: 5 * MINUTE_MS + 1, counts: false },
  { says: "a log of the year 9999 counts at its arrival", offsetMs: Date.UTC(9999, 0) - arrivalMs, counts: false },
])("$says", ({ offsetMs, counts }) => {
  expect(countedAtMs(arrivalMs + offsetMs, { arrivalMs })).toBe(counts ? arrivalMs + offsetMs : arrivalMs);
});

test.each([
  { days: 30, counts: true },
  { days: 30.5, counts: false },
])("where logs are kept for 30 days, a timestamp of $days days ago counts: $counts", ({ days, counts }) => {
  const timestampMs = arrivalMs - days * DAY_MS;
  expect(countedAtMs(timestampMs, { arrivalMs, keptMs: 30 * DAY_MS })).toBe(counts ? timestampMs : arrivalMs);
});
