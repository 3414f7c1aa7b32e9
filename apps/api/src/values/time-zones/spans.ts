import { QUARTER_MS, type UtcOffset } from "@jifen/database";
import { firstQuarterOf, groupingOffsets, type LocalUnit, localUnitAt } from "./local-units.ts";
import { offsetsBetween } from "./utc-offsets.ts";

/** Half-open: `fromMs` is in it, `toMs` is not. Both are whole quarters of an hour. */
export type Span = { readonly fromMs: number; readonly toMs: number };

/** The spans of a range, and how to find the span of a sum by local hour or day. */
export type LocalSpans = {
  /** In order and without gaps; the first begins at the start of the range and the last ends at its end. */
  readonly spans: readonly Span[];
  /** What the statement groups by: the hour, or the day for months too. */
  readonly groupedBy: LocalUnit;
  /** The offsets that `localUnitOf` and the statement use. */
  readonly offsets: readonly UtcOffset[];
  /** The position in `spans` of the hour or day with this number; undefined outside of the range. */
  readonly indexOf: (localUnit: number) => number | undefined;
};

/** A range of whole quarters of an hour, `toMs` excluded, and what to divide it by. */
export type SpansRequest = Span & { readonly timeZone: string; readonly unit: "hour" | "day" | "month" };

/**
 * Divides a range by the local hours, days or months of a time zone. The first and the last span are clipped to the
 * range. A span is as long as the clock makes it:
 *
 * - an hour is shorter where the clock skips a part of it. An hour that the clock repeats is two spans;
 * - a day may have 23, 23.5, 24, 24.5 or 25 hours, and begins at 01:00 where the clock skips midnight (America/Santiago);
 * - a day that a zone skipped has no span (Pacific/Apia, 2011-12-30).
 */
export function spansOf({ timeZone, unit, fromMs, toMs }: SpansRequest): LocalSpans {
  const groupedBy = unit === "hour" ? "hour" : "day";
  const fromQuarter = Math.ceil(fromMs / QUARTER_MS);
  const offsets = groupingOffsets(offsetsBetween(timeZone, fromQuarter, Math.ceil(toMs / QUARTER_MS)), groupedBy);
  const spans: Span[] = [];
  const indexes = new Map<number, number>();
  let lastName: number | undefined;
  for (const part of divide(fromQuarter, offsets, groupedBy)) {
    const name = unit === "month" ? monthOf(part.localUnit) : part.localUnit;
    const last = name === lastName ? spans.pop() : undefined;
    spans.push({ fromMs: last?.fromMs ?? part.fromQuarter * QUARTER_MS, toMs: part.toQuarter * QUARTER_MS });
    indexes.set(part.localUnit, spans.length - 1);
    lastName = name;
  }
  return { spans, groupedBy, offsets, indexOf: (localUnit) => indexes.get(localUnit) };
}

type Part = { readonly localUnit: number; readonly fromQuarter: number; readonly toQuarter: number };

/** The parts of a range in which neither the offset nor the number of the unit changes. */
function* divide(from: number, offsets: readonly UtcOffset[], unit: LocalUnit): Generator<Part> {
  let fromQuarter = from;
  for (const { untilQuarter, offsetSeconds } of offsets) {
    while (fromQuarter < untilQuarter) {
      const localUnit = localUnitAt(fromQuarter, offsetSeconds, unit);
      const toQuarter = Math.min(firstQuarterOf(localUnit + 1, offsetSeconds, unit), untilQuarter);
      yield { localUnit, fromQuarter, toQuarter };
      fromQuarter = toQuarter;
    }
  }
}

/** Months since year 0, of a day since 1970. */
function monthOf(localDay: number): number {
  const date = new Date(localDay * 86_400_000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
