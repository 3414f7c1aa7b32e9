import { type UserId, userId } from "@jifen/core";
import type { ReadLogRows } from "./log-reads.ts";
import type { QuarterCalls } from "./log-sums-query.ts";

/** How many users one statement asks for. */
const MAX_USERS = 100;

/** Lists of at most as many users as one statement asks for. */
export const inChunks = (userIds: readonly UserId[]): readonly (readonly UserId[])[] =>
  Array.from({ length: Math.ceil(userIds.length / MAX_USERS) }, (_, at) =>
    userIds.slice(at * MAX_USERS, (at + 1) * MAX_USERS),
  );

/** Reads the calls of quarters on any SQL database: a range of the primary key for each user. */
export async function readQuarterCalls(
  read: ReadLogRows,
  userIds: readonly UserId[],
  fromQuarter: number,
): Promise<readonly QuarterCalls[]> {
  const rows = await Promise.all(
    inChunks(userIds).map((users) => {
      const values = padded(users);
      const sql = `SELECT user_id, quarter, sum(calls) AS calls FROM log_rollups
        WHERE user_id IN (${values.map(() => "?").join(", ")}) AND quarter >= ? GROUP BY user_id, quarter`;
      return read(sql, [...values, fromQuarter]);
    }),
  );
  return rows.flat().map((row) => ({
    userId: userId(String(row["user_id"])),
    quarter: Number(row["quarter"]),
    calls: Number(row["calls"]),
  }));
}

/** Repeats the last user, so that connections prepare three statements and not a hundred. */
function padded(users: readonly UserId[]): readonly UserId[] {
  const length = [1, 10, MAX_USERS].find((size) => users.length <= size) ?? users.length;
  return Array.from({ length }, (_, at) => users[at] ?? (users.at(-1) as UserId));
}
