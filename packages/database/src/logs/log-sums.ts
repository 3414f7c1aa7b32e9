import type { CallLog } from "./call-log.ts";
import { DURATION_CLASSES, durationClassOf } from "./duration-classes.ts";

/** A quarter of an hour. All time zones have had offsets of whole quarters since 2000, so days in all of them are exact sums. */
export const QUARTER_MS = 900_000;

/** The quarter of an hour of a time: its number since the epoch. */
export const quarterOf = (timeMs: number): number => Math.floor(timeMs / QUARTER_MS);

/** Sums of logs. */
export type LogCounts = {
  readonly calls: number;
  readonly failures: number;
  /** How many of the calls have a duration, and the sum of these. */
  readonly timed: number;
  readonly durationSumMs: number;
  /** How many durations are in each class; null where there is none. */
  readonly classes: readonly (number | null)[];
};

/** What a batch of logs adds to one row of a table of sums. `owner` is the user, or the part of a process. */
export type LogSum<Owner extends string | number> = LogCounts & {
  readonly owner: Owner;
  readonly quarter: number;
  readonly action: string;
};

/** What a batch of logs adds, sorted by key: processes that change several rows in one order never deadlock. */
export type LogSums = { readonly ofUsers: readonly LogSum<string>[]; readonly ofAll: readonly LogSum<number>[] };

type Mutable<Owner extends string | number> = {
  -readonly [Name in keyof LogSum<Owner>]: Name extends "classes" ? (number | null)[] : LogSum<Owner>[Name];
};

/** Adds logs up. @param part the part of this process in the sums of all users */
export const sumsOf = (logs: readonly CallLog[], part: number): LogSums => ({
  ofUsers: sumBy<string>(logs, ({ userId }) => userId),
  ofAll: sumBy(logs, () => part),
});

function sumBy<Owner extends string | number>(
  logs: readonly CallLog[],
  ownerOf: (log: CallLog) => Owner,
): readonly LogSum<Owner>[] {
  const sums = new Map<string, Mutable<Owner>>();
  for (const log of logs) {
    const [owner, quarter, { action }] = [ownerOf(log), quarterOf(log.countedAtMs), log];
    // No owner and no action has a line break.
    const key = `${owner}\n${String(quarter).padStart(8, "0")}\n${action}`;
    const sum = sums.get(key) ?? { owner, quarter, action, ...nothing() };
    sums.set(key, sum);
    add(sum, log);
  }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum);
}

const nothing = () => ({
  calls: 0,
  failures: 0,
  timed: 0,
  durationSumMs: 0,
  classes: Array<number | null>(DURATION_CLASSES).fill(null),
});

function add(sum: Mutable<string | number>, { success, durationMs }: CallLog): void {
  sum.calls += 1;
  if (!success) sum.failures += 1;
  if (durationMs === null) return;
  sum.timed += 1;
  sum.durationSumMs += durationMs;
  const at = durationClassOf(durationMs);
  sum.classes[at] = (sum.classes[at] ?? 0) + 1;
}
