import { type UserId, userId } from "@jifen/core";
import type { Document } from "mongodb";
import { durationColumns } from "../../../logs/duration-classes.ts";
import { allParts } from "../../../logs/log-parts.ts";
import type {
  LocalLogSums,
  LogSumsQuery,
  OwnersQuery,
  QuarterCalls,
  UserLogSums,
} from "../../../logs/log-sums-query.ts";
import { inChunks } from "../../../logs/quarter-calls.ts";
import { actionOf } from "../../../logs/read-local-sums.ts";
import { logCounts, toUserSums } from "../../../logs/sums-of-users.ts";
import { groupByOwner, readGroupedSums, sumsWithin } from "../local-sums.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";

/** Reads sums of logs by local hours or days. */
export async function readLogSums(connection: MongoConnection, query: LogSumsQuery): Promise<readonly LocalLogSums[]> {
  const { userId: owner } = query;
  const [name, where] =
    owner === undefined
      ? (["log_totals", sumsWithin("part", allParts, query)] as const)
      : (["log_rollups", sumsWithin("user_id", [owner], query)] as const);
  const run = (stages: readonly Document[]) =>
    connection.reading(() =>
      connection
        .collection(name)
        .aggregate([...stages], { hint: "_id_", ...queryLimits })
        .toArray(),
    );
  const rows = await readGroupedSums(run, { where, counts: logCounts }, query);
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

/** The quarter after the last one. */
const AFTER_ALL_QUARTERS = 2 ** 31;

/** How many calls these users have in each quarter of an hour from this one on. */
export async function readQuarterCalls(
  connection: MongoConnection,
  userIds: readonly UserId[],
  fromQuarter: number,
): Promise<readonly QuarterCalls[]> {
  const range = { fromQuarter, toQuarter: AFTER_ALL_QUARTERS };
  const byQuarter = { $group: { _id: { user_id: "$user_id", quarter: "$_id.quarter" }, calls: { $sum: "$calls" } } };
  const found = await Promise.all(
    inChunks(userIds).map((users) =>
      connection.reading(() =>
        connection
          .collection("log_rollups")
          .aggregate([{ $match: sumsWithin("user_id", users, range) }, byQuarter], { hint: "_id_", ...queryLimits })
          .toArray(),
      ),
    ),
  );
  return found.flat().map(({ _id, calls }) => ({
    userId: userId(_id.user_id),
    quarter: Number(_id.quarter),
    calls: Number(calls),
  }));
}

/** Reads sums of users, each a range of `_id`s. */
export async function readSumsOfUsers(
  connection: MongoConnection,
  query: OwnersQuery<UserId>,
): Promise<readonly UserLogSums[]> {
  if (query.owners.length === 0) return [];
  const where = sumsWithin("user_id", query.owners, query);
  const rows = await connection.reading(() =>
    connection
      .collection("log_rollups")
      .aggregate([{ $match: where }, groupByOwner("user_id", logCounts)], { hint: "_id_", ...queryLimits })
      .toArray(),
  );
  return rows.map(({ _id, ...counts }) => toUserSums({ user_id: _id, ...counts }));
}
