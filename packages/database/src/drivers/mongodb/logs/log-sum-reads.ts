import { durationColumns } from "../../../logs/duration-classes.ts";
import { allParts } from "../../../logs/log-parts.ts";
import type { LocalLogSums, LogSumsQuery } from "../../../logs/log-sums-query.ts";
import { groupByUnit, sumsWithin } from "../local-sums.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";

const counts = ["calls", "failures", "timed", "duration_sum_ms", ...durationColumns];

/** Reads sums of logs by local hours or days. */
export async function readLogSums(connection: MongoConnection, query: LogSumsQuery): Promise<readonly LocalLogSums[]> {
  const { userId } = query;
  const [name, where] =
    userId === undefined
      ? (["log_totals", sumsWithin("part", allParts, query)] as const)
      : (["log_rollups", sumsWithin("user_id", [userId], query)] as const);
  const rows = await connection.reading(() =>
    connection
      .collection(name)
      .aggregate([{ $match: where }, groupByUnit(query, counts)], { hint: "_id_", ...queryLimits })
      .toArray(),
  );
  return rows.map((row) => ({
    unit: Number(row["_id"].unit),
    action: query.byAction ? String(row["_id"].action) : null,
    calls: Number(row["calls"]),
    failures: Number(row["failures"]),
    timed: Number(row["timed"]),
    durationSumMs: Number(row["duration_sum_ms"]),
    classes: durationColumns.map((name) => Number(row[name] ?? 0)),
  }));
}
