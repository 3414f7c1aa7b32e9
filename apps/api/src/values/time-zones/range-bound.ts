import type { Wording } from "@jifen/contract";
import { InvariantError, type Outcome, ok, refuse } from "@jifen/core";
import { QUARTER_MS } from "@jifen/database";
import { z } from "zod";
import { firstQuarterOf, groupingOffsets, unitSeconds } from "./local-units.ts";
import { offsetsBetween } from "./utc-offsets.ts";

/** Offsets are whole quarters of an hour since then (see `offsetsBetween`). */
const EARLIEST_MS = Date.UTC(2000, 0, 1);

const formatRule: Wording = {
  zh: "必须是日期（如 2026-11-01），或整刻钟且带时区偏移的 ISO 8601 时间（如 2026-11-01T08:15:00+08:00）",
  en: "must be a date such as 2026-11-01, or an ISO 8601 time with an offset at a quarter of an hour such as 2026-11-01T08:15:00+08:00",
};

const earliestRule: Wording = { zh: "不能早于 2000-01-01", en: "must not be before 2000-01-01" };

const zDate = z.iso.date();
const zMoment = z.iso.datetime({ offset: true });

/**
 * Parses an end of a range to epoch milliseconds, a whole quarter of an hour.
 *
 * A date means the first moment of that day in the time zone. Ranges are half-open, `[from, to)`: `to` as a date does
 * not include that day, so November is `from=2026-11-01&to=2026-12-01`. A day that a zone skipped begins where the next
 * one does. A moment is ISO 8601 with seconds and an offset or `Z`, exactly at :00, :15, :30 or :45 of UTC.
 * The refusal says what would be right.
 */
export function parseRangeBound(text: string, timeZone: string): Outcome<number, Wording> {
  const isDate = zDate.safeParse(text).success;
  if (!isDate && !zMoment.safeParse(text).success) return refuse(formatRule);
  const parsedMs = Date.parse(text);
  if (parsedMs % QUARTER_MS !== 0) return refuse(formatRule);
  if (parsedMs < EARLIEST_MS) return refuse(earliestRule);
  return ok(isDate ? startOfDay(parsedMs, timeZone) : parsedMs);
}

/** No local midnight is further from the midnight of UTC: offsets are between -12 and +14 hours. */
const MARGIN_QUARTERS = 15 * 4;

/**
 * The first moment at which the local date is that of `midnightMs` in UTC, or later; a whole quarter of an hour. Since 2000.
 */
export function startOfDay(midnightMs: number, timeZone: string): number {
  const day = midnightMs / (unitSeconds.day * 1000);
  let fromQuarter = midnightMs / QUARTER_MS - MARGIN_QUARTERS;
  const offsets = offsetsBetween(timeZone, fromQuarter, fromQuarter + 2 * MARGIN_QUARTERS);
  for (const { untilQuarter, offsetSeconds } of groupingOffsets(offsets, "day")) {
    const quarter = Math.max(fromQuarter, firstQuarterOf(day, offsetSeconds, "day"));
    if (quarter < untilQuarter) return quarter * QUARTER_MS;
    fromQuarter = untilQuarter;
  }
  throw new InvariantError(`day ${day} does not begin in ${timeZone}`);
}
