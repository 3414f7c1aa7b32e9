import { DURATION_CLASSES } from "./duration-classes.ts";
import { sumsCondition, type UnitDialect, unitExpression } from "./local-sums.ts";
import type { ReadLogRows } from "./log-reads.ts";
import type { LocalLogSums, LogSumsQuery } from "./log-sums-query.ts";

const counts = [
  "calls",
  "failures",
  "timed",
  "duration_sum_ms",
  ...Array.from({ length: DURATION_CLASSES }, (_, at) => `d${at}`),
];

/** All parts of the sums of all users, so that the key of the table is a range for each. */
const allParts = (parts: number) => `part IN (${Array.from({ length: parts }, (_, part) => part).join(", ")})`;

/** Reads sums on any SQL database. @param parts how many parts the sums of all users have */
export async function readLogSums(
  { read, parts, ...dialect }: UnitDialect & { readonly read: ReadLogRows; readonly parts: number },
  query: LogSumsQuery,
): Promise<readonly LocalLogSums[]> {
  const { userId, byAction } = query;
  const unit = unitExpression(query, dialect);
  const where = sumsCondition(query);
  const [table, owner] = userId === undefined ? ["log_totals", allParts(parts)] : ["log_rollups", "user_id = ?"];
  const sql = `SELECT ${unit.sql} AS unit, ${byAction ? "action" : "NULL AS action"}, ${counts.map((name) => `sum(${name}) AS ${name}`).join(", ")}
    FROM ${table} WHERE ${owner} AND ${where.sql} GROUP BY 1${byAction ? ", 2" : ""}`;
  const rows = await read(sql, [...unit.values, ...(userId === undefined ? [] : [userId]), ...where.values]);
  return rows.map((row) => ({
    unit: Number(row["unit"]),
    action: byAction ? String(row["action"]) : null,
    calls: Number(row["calls"]),
    failures: Number(row["failures"]),
    timed: Number(row["timed"]),
    durationSumMs: Number(row["duration_sum_ms"]),
    classes: Array.from({ length: DURATION_CLASSES }, (_, at) => Number(row[`d${at}`] ?? 0)),
  }));
}
