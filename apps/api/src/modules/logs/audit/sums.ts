import { DURATION_CLASSES, durationClassOf, durationColumns, quarterOf } from "@jifen/database";
import type { AuditedRow } from "./merge-groups.ts";

/** Sums by quarter and action, each a list of numbers. */
export type Sums = Map<string, number[]>;

const numberIn = (row: AuditedRow, column: string): number => Number(row[column] ?? 0);

/** Adds numbers to the sums of a quarter and an action. */
function add(sums: Sums, key: string, numbers: readonly number[]): void {
  const sum = sums.get(key);
  if (!sum) sums.set(key, [...numbers]);
  else for (const [at, value] of numbers.entries()) sum[at] = (sum[at] ?? 0) + value;
}

/** Adds all sums to others. */
export function addAll(to: Sums, from: Sums): void {
  for (const [key, numbers] of from) add(to, key, numbers);
}

/** Adds a row of logs. */
export function addLog(sums: Sums, row: AuditedRow): void {
  const isTimed = row["duration_ms"] !== null;
  const durationMs = numberIn(row, "duration_ms");
  const at = isTimed ? durationClassOf(durationMs) : -1;
  const classes = Array.from({ length: DURATION_CLASSES }, (_, each) => Number(each === at));
  const key = `${quarterOf(numberIn(row, "counted_at_ms"))} ${row["action"]}`;
  add(sums, key, [1, Number(!row["success"]), Number(isTimed), durationMs, ...classes]);
}

/** Adds stored columns of a row of sums. */
const addStored = (columns: readonly string[]) => (sums: Sums, row: AuditedRow) =>
  add(
    sums,
    `${row["quarter"]} ${row["action"]}`,
    columns.map((column) => numberIn(row, column)),
  );

/** Adds a row of the sums of logs. */
export const addLogSums = addStored(["calls", "failures", "timed", "duration_sum_ms", ...durationColumns]);
/** Adds a row of the sums of credits. */
export const addSpend = addStored(["charges", "charged", "refunds", "refunded"]);

/** Adds an entry of a journal, if it is a charge or a refund. */
export function addEntry(sums: Sums, row: AuditedRow): void {
  const { kind } = row;
  const isCharge = kind === "consume" || kind === "capture";
  if (!isCharge && kind !== "refund") return;
  const amount = numberIn(row, "amount");
  const key = `${quarterOf(numberIn(row, "created_at_ms"))} ${row["action"]}`;
  add(sums, key, isCharge ? [1, amount, 0, 0] : [0, 0, 1, amount]);
}

/** Sums that differ, by quarter and action. */
export function differing(expected: Sums, found: Sums): readonly { key: string; expected: string; found: string }[] {
  const text = (numbers: readonly number[] | undefined) =>
    (numbers ?? []).filter((value) => value !== 0).join(" ") || "0";
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((key) => {
    const [right, stored] = [expected.get(key), found.get(key)];
    const length = Math.max(right?.length ?? 0, stored?.length ?? 0);
    const isSame = Array.from({ length }, (_, at) => (right?.[at] ?? 0) === (stored?.[at] ?? 0)).every(Boolean);
    return isSame ? [] : [{ key, expected: text(right), found: text(stored) }];
  });
}
