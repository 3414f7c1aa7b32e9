import { type UserId, userId } from "@jifen/core";
import { durationColumns } from "./duration-classes.ts";
import type { LogRow } from "./log-columns.ts";
import type { ReadLogRows } from "./log-reads.ts";
import { MAX_OWNERS, type OwnersQuery, type UserLogSums } from "./log-sums-query.ts";

/** The counts in the tables of sums of logs. */
export const logCounts: readonly string[] = ["calls", "failures", "timed", "duration_sum_ms", ...durationColumns];

/** The sums of owners, each a range of the primary key. One statement serves any number of owners. */
export function sumsByOwner(
  { table, column, counts }: { readonly table: string; readonly column: string; readonly counts: readonly string[] },
  { owners, fromQuarter, toQuarter, action }: OwnersQuery<string>,
): { readonly sql: string; readonly values: readonly (string | number)[] } {
  const filled = Array.from({ length: MAX_OWNERS }, (_, at) => owners[at] ?? owners[0] ?? "");
  const ofAction = action === undefined ? "" : " AND action = ?";
  return {
    sql: `SELECT ${column}, ${counts.map((name) => `sum(${name}) AS ${name}`).join(", ")} FROM ${table}
      WHERE ${column} IN (${filled.map(() => "?").join(", ")}) AND quarter >= ? AND quarter < ?${ofAction} GROUP BY ${column}`,
    values: [...filled, fromQuarter, toQuarter, ...(action === undefined ? [] : [action])],
  };
}

/** A row of such sums. */
export const toUserSums = (row: LogRow): UserLogSums => ({
  userId: userId(String(row["user_id"])),
  calls: Number(row["calls"]),
  failures: Number(row["failures"]),
  timed: Number(row["timed"]),
  durationSumMs: Number(row["duration_sum_ms"]),
  classes: durationColumns.map((name) => Number(row[name] ?? 0)),
});

/** Reads sums of users on any SQL database. @param hint what follows the name of the table */
export async function readSumsOfUsers(
  { read, hint = "" }: { readonly read: ReadLogRows; readonly hint?: string },
  query: OwnersQuery<UserId>,
): Promise<readonly UserLogSums[]> {
  if (query.owners.length === 0) return [];
  const table = { table: `log_rollups${hint}`, column: "user_id", counts: logCounts };
  const { sql, values } = sumsByOwner(table, query);
  return (await read(sql, values)).map(toUserSums);
}
