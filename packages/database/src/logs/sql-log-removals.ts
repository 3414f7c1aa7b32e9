import { type UserId, userId } from "@jifen/core";
import type { LogKey } from "./call-log.ts";
import type { LogDialect, ReadLogRows } from "./log-reads.ts";
import type { DetailsRange, KeyPlace, KeyRange, LogMarkName, LogRemovals, RemovedDetails } from "./log-removals.ts";
import { timeOfId } from "./months.ts";

/** Runs a statement in a transaction of its own; its parameters are `?`. @returns how many rows it changed */
type WriteLogRows = (sql: string, values: readonly (string | number)[]) => Promise<number>;

/** What differs between the SQL databases. */
type RemovalDialect = Pick<LogDialect, "tableBy"> & {
  readonly read: ReadLogRows;
  readonly write: WriteLogRows;
  /** What an INSERT does when the mark exists: sets the later time. */
  readonly orMoveMark: string;
};

/** Removals on any SQL database, but for those of logs. */
export function createSqlRemovals(dialect: RemovalDialect): Omit<LogRemovals, "removesMonths" | "removeLogs"> {
  const { read, write, orMoveMark } = dialect;
  const page = async (where: string, values: readonly string[], limit: number): Promise<readonly LogKey[]> =>
    (await read(`${selectKeys}${where} ORDER BY user_id, idempotency_key LIMIT ${limit}`, values)).map(toKey);
  return {
    readMarks: async () => {
      const rows = await read("SELECT name, before_ms FROM log_marks", []);
      return Object.fromEntries(rows.map((row) => [row["name"] as LogMarkName, Number(row["before_ms"])]));
    },
    moveMark: async (name, toMs) => {
      await write(`INSERT INTO log_marks (name, before_ms) VALUES (?, ?) ${orMoveMark}`, [name, toMs]);
    },
    removeDetails: (range) => removeDetails(dialect, range),
    listKeys: async (after, limit) => {
      if (after === undefined) return page("", [], limit);
      // Two ranges of the primary key, on every database.
      const same = await page(
        " WHERE user_id = ? AND idempotency_key > ?",
        [after.userId, after.idempotencyKey],
        limit,
      );
      const left = limit - same.length;
      return left === 0 ? same : [...same, ...(await page(" WHERE user_id > ?", [after.userId], left))];
    },
    removeKeys: async (range) => {
      let removed = 0;
      for (const { sql, values } of rangesOf(range)) {
        removed += await write(`DELETE FROM log_keys WHERE ${sql} AND log_id < ?`, [...values, range.beforeId]);
      }
      return removed;
    },
    storedKeys: async (keys) => {
      const found = keys.map((key) => read(`${selectKeys} WHERE user_id = ? AND idempotency_key = ?`, valuesOf(key)));
      return (await Promise.all(found)).flat().map(toKey);
    },
    releaseKeys: async (keys) => {
      for (const key of keys) {
        await write("DELETE FROM log_keys WHERE user_id = ? AND idempotency_key = ? AND log_id = ?", [
          ...valuesOf(key),
          key.logId,
        ]);
      }
    },
  };
}

const selectKeys = "SELECT user_id, idempotency_key, log_id FROM log_keys";

const valuesOf = ({ userId: user, idempotencyKey }: KeyPlace) => [user, idempotencyKey] as const;

const toKey = (row: Readonly<Record<string, unknown>>): LogKey => ({
  userId: userId(String(row["user_id"])),
  idempotencyKey: String(row["idempotency_key"]),
  logId: String(row["log_id"]),
});

type Range = { readonly sql: string; readonly values: readonly string[] };

/** Consecutive keys as ranges of the primary key: of the first user, of the users between, and of the last user. */
function rangesOf({ after, to }: KeyRange): readonly Range[] {
  const last: Range = { sql: "user_id = ? AND idempotency_key <= ?", values: valuesOf(to) };
  if (after === undefined) return [{ sql: "user_id < ?", values: [to.userId] }, last];
  if (after.userId === to.userId)
    return [{ sql: `idempotency_key > ? AND ${last.sql}`, values: [after.idempotencyKey, ...last.values] }];
  return [
    { sql: "user_id = ? AND idempotency_key > ?", values: valuesOf(after) },
    { sql: "user_id > ? AND user_id < ?", values: [after.userId, to.userId] },
    last,
  ];
}

/** Finds where the step ends, then removes the details up to there: both read one range of an index. */
async function removeDetails(
  { read, write, tableBy }: RemovalDialect,
  { userId: user, afterId, beforeId, limit }: DetailsRange,
): Promise<RemovedDetails> {
  const table = tableBy?.(user === undefined ? "time" : "key") ?? "call_logs";
  const { sql, order, values } = ownedBy(user, afterId, beforeId);
  const [end] = await read(
    `SELECT id FROM ${table} WHERE ${sql} AND id > ? AND id < ? ORDER BY ${order} LIMIT 1 OFFSET ${limit - 1}`,
    [...values, afterId, beforeId],
  );
  const lastId = end && String(end["id"]);
  const details = await write(
    `UPDATE ${table} SET details = NULL WHERE ${sql} AND id > ? AND id <= ? AND details IS NOT NULL`,
    [...values, afterId, lastId ?? beforeId],
  );
  return { details, lastId };
}

/** Ids begin with the time, so they bound the index by time as well. */
function ownedBy(user: UserId | undefined, afterId: string, beforeId: string) {
  if (user !== undefined) return { sql: "user_id = ?", order: "id", values: [user] as const };
  return {
    sql: "counted_at_ms >= ? AND counted_at_ms <= ?",
    order: "counted_at_ms, id",
    values: [timeOfId(afterId), timeOfId(beforeId)] as const,
  };
}
