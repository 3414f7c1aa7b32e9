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

/** Adds a row of logs. @param firstQuarter earlier ones are left out */
export function addLog(sums: Sums, row: AuditedRow, firstQuarter: number): void {
  const quarter = quarterOf(numberIn(row, "counted_at_ms"));
  if (quarter < firstQuarter) return;
  const isTimed = row["duration_ms"] !== null;
  const durationMs = numberIn(row, "duration_ms");
  const at = isTimed ? durationClassOf(durationMs) : -1;
  const classes = Array.from({ length: DURATION_CLASSES }, (_, each) => Number(each === at));
  const key = `${quarter} ${row["action"]}`;
  add(sums, key, [1, Number(!row["success"]), Number(isTimed), durationMs, ...classes]);
}

/** Adds stored columns of a row of sums, but for quarters before the first one. */
const addStored =
  (columns: readonly string[]) =>
  (sums: Sums, row: AuditedRow, firstQuarter = 0): void => {
    if (numberIn(row, "quarter") < firstQuarter) return;
    add(
      sums,
      `${row["quarter"]} ${row["action"]}`,
      columns.map((column) => numberIn(row, column)),
    );
  };

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

/** Adds a row of the sums of grants, revocations and expirations. */
export const addCredits = (sums: Sums, row: AuditedRow): void =>
  add(sums, `${row["quarter"]} ${row["kind"]} ${row["source"]}`, [numberIn(row, "entries"), numberIn(row, "amount")]);

/** Adds an entry of a journal, if it is a grant, a revocation or an expiration: a grant by its id, others together. */
export function addCreditEntry(sums: Sums, row: AuditedRow): void {
  const { kind } = row;
  if (kind !== "grant" && kind !== "revoke" && kind !== "expire") return;
  const grant = kind === "grant" ? (row["subject_id"] ?? "") : "";
  add(sums, `${quarterOf(numberIn(row, "created_at_ms"))} ${kind} ${grant}`, [1, numberIn(row, "amount")]);
}

/** The columns of the totals of an account, after the entry that is the last in them, and the entries that each adds up. */
const totals = {
  granted: ["grant"],
  spent: ["consume", "capture"],
  refunded: ["refund"],
  revoked: ["revoke"],
  expired: ["expire"],
} as const;

/** The numbers of a row of the totals of an account: its last entry, and each total. */
export const totalsIn = (row: AuditedRow): readonly number[] =>
  ["sequence", ...Object.keys(totals)].map((column) => numberIn(row, column));

/** The same numbers with a further entry. */
export const addToTotals = (numbers: readonly number[], row: AuditedRow): number[] => [
  numberIn(row, "sequence"),
  ...Object.values(totals).map((kinds: readonly string[], at) => {
    const amount = kinds.includes(String(row["kind"])) ? numberIn(row, "amount") : 0;
    return (numbers[at + 1] ?? 0) + amount;
  }),
];

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
