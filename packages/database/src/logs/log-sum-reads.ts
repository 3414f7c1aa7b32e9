import { durationColumns } from "./duration-classes.ts";
import { sumsCondition, type UnitDialect, unitExpression } from "./local-sums.ts";
import { inAllParts } from "./log-parts.ts";
import type { ReadLogRows } from "./log-reads.ts";
import type { LocalLogSums, LogSumsQuery } from "./log-sums-query.ts";

const counts = ["calls", "failures", "timed", "duration_sum_ms", ...durationColumns];

/** Reads sums on any SQL database. */
export async function readLogSums(
  { read, ...dialect }: UnitDialect & { readonly read: ReadLogRows },
  query: LogSumsQuery,
): Promise<readonly LocalLogSums[]> {
  const { userId, byAction } = query;
  const unit = unitExpression(query, dialect);
  const where = sumsCondition(query);
  const [table, owner] = userId === undefined ? ["log_totals", inAllParts] : ["log_rollups", "user_id = ?"];
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
    classes: durationColumns.map((name) => Number(row[name] ?? 0)),
  }));
}
