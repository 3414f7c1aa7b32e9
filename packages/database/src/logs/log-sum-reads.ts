import { durationColumns } from "./duration-classes.ts";
import type { UnitDialect } from "./local-sums.ts";
import { inAllParts } from "./log-parts.ts";
import type { ReadLogRows } from "./log-reads.ts";
import type { LocalLogSums, LogSumsQuery } from "./log-sums-query.ts";
import { actionOf, readLocalSums } from "./read-local-sums.ts";
import { logCounts } from "./sums-of-users.ts";

/** Reads sums on any SQL database. */
export async function readLogSums(
  reader: UnitDialect & { readonly read: ReadLogRows },
  query: LogSumsQuery,
): Promise<readonly LocalLogSums[]> {
  const { userId } = query;
  const source =
    userId === undefined
      ? { table: "log_totals", owner: { sql: inAllParts, values: [] } }
      : { table: "log_rollups", owner: { sql: "user_id = ?", values: [userId] } };
  const rows = await readLocalSums(reader, { ...source, counts: logCounts }, query);
  return rows.map((row) => ({
    unit: Number(row["unit"]),
    action: actionOf(row["action"]),
    calls: Number(row["calls"]),
    failures: Number(row["failures"]),
    timed: Number(row["timed"]),
    durationSumMs: Number(row["duration_sum_ms"]),
    classes: durationColumns.map((name) => Number(row[name] ?? 0)),
  }));
}
