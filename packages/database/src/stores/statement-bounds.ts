import type { AccountId } from "@jifen/core";
import type { JournalPoint, StatementReads } from "./statement-reads.ts";

/** How many entries one read looks at, and one more: 1,000,000 entries need six reads. */
const BASE = 16;
/** The numbers of entries are below 16^12. */
const DIGITS = 12;

type Points = (sequences: readonly number[]) => Promise<readonly JournalPoint[]>;

/** Where a journal is before its first entry. */
const beginning: JournalPoint = { sequence: 0, createdAtMs: 0, balance: 0, held: 0 };

/** A month by its first moment, and the first one after it, epoch milliseconds. */
export type Month = { readonly fromMs: number; readonly toMs: number };

/** The last entry before a month, and the last one in it or before. */
export type Bounds = { readonly opening: JournalPoint; readonly closing: JournalPoint };

/** Finds the bounds of a month in a journal. */
export const findBounds = (reads: StatementReads, accountId: AccountId, { fromMs, toMs }: Month): Promise<Bounds> =>
  reads.withPoints(accountId, async (points) => ({
    opening: await lastBefore(points, fromMs),
    closing: await lastBefore(points, toMs),
  }));

/**
 * Finds the last entry before a time, by the digits of its number: there is no index of times, which each entry would pay
 * for, and entries are numbered without a gap in the order of their times (M8).
 *
 * Which entries are looked at follows from those found, not from how many there are. So the entry stays the same once the
 * clock has passed the time, whatever is added; an earlier time never has a later entry; and the closing entry of a month is
 * the opening entry of the next one. This also holds where a clock that was set back has put some entries out of order.
 */
async function lastBefore(points: Points, timeMs: number): Promise<JournalPoint> {
  const find = async (sequences: readonly number[]) => {
    const found = await points(sequences);
    const before = new Map(found.filter(({ createdAtMs }) => createdAtMs < timeMs).map((at) => [at.sequence, at]));
    return sequences.map((sequence) => before.get(sequence));
  };
  const powers = Array.from({ length: DIGITS }, (_, digit) => BASE ** digit);
  const first = await find(powers);
  const top = first.findLastIndex((point) => point !== undefined);
  let last = first[top] ?? beginning;
  for (const power of powers.slice(0, top + 1).toReversed()) {
    const from = last.sequence;
    const next = await find(Array.from({ length: BASE - 1 }, (_, at) => from + (at + 1) * power));
    const end = next.indexOf(undefined);
    last = next[end === -1 ? next.length - 1 : end - 1] ?? last;
  }
  return last;
}

/** The numbers of the entries that bound a kept statement. */
export type KeptBounds = { readonly openingSequence: number; readonly closingSequence: number };

/** Reads the bounds of a kept statement; undefined when the journal has an entry on the wrong side of one of them. */
export const readKeptBounds = (
  reads: StatementReads,
  accountId: AccountId,
  { openingSequence, closingSequence, fromMs, toMs }: KeptBounds & Month,
): Promise<Bounds | undefined> =>
  reads.withPoints(accountId, async (points) => {
    const sequences = [openingSequence, openingSequence + 1, closingSequence, closingSequence + 1];
    const found = new Map((await points([...new Set(sequences)])).map((point) => [point.sequence, point]));
    const [last, first, end, next] = sequences.map((sequence) => found.get(sequence));
    const opening = openingSequence === 0 ? beginning : last;
    if (!opening || !first || !end) return undefined;
    const isBefore = (openingSequence === 0 || opening.createdAtMs < fromMs) && end.createdAtMs < toMs;
    const isAfter = first.createdAtMs >= fromMs && (next === undefined || next.createdAtMs >= toMs);
    return isBefore && isAfter ? { opening, closing: end } : undefined;
  });
