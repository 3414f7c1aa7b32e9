import { offsetSecondsAt } from "./time-zone.ts";

/**
 * A time as ISO 8601 with the offset of the time zone: `2026-11-29T21:58:00+08:00`. Milliseconds are dropped.
 * Offsets of the 19th century that have seconds are rounded to minutes, as ISO 8601 has no others; the text still means
 * the same moment.
 */
export function localTime(epochMs: number, timeZone: string): string {
  const offsetMinutes = Math.round(offsetSecondsAt(timeZone, epochMs) / 60);
  const clock = new Date(epochMs + offsetMinutes * 60_000).toISOString().replace(/\.\d{3}Z$/, "");
  const size = Math.abs(offsetMinutes);
  return `${clock}${offsetMinutes < 0 ? "-" : "+"}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

const twoDigits = (number: number): string => String(number).padStart(2, "0");
