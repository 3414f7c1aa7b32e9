import type { UserId } from "@jifen/core";
import type { CallLog } from "./call-log.ts";
import type { LogBackend } from "./log-backend.ts";
import { type LogRow, selectedLogColumns, toCallLog } from "./log-columns.ts";
import { type LogFilter, type LogPage, listing, pageEndOf, textsToFind } from "./log-filter.ts";
import { timeOfId } from "./months.ts";

/** Reads rows with a SQL statement, whose parameters are `?`. */
export type ReadLogRows = (sql: string, values: readonly (string | number)[]) => Promise<readonly LogRow[]>;

/** An index of `call_logs`: its primary key, or what comes behind the name of the table in the name of the index. */
export type LogIndex = "key" | "action" | "failed" | "subject" | "reference" | "time";

/** What differs between the SQL databases. */
export type LogDialect = {
  readonly read: ReadLogRows;
  /** The table as a query names it, with the hint to use this index; its name alone if left out. */
  readonly tableBy?: (index: LogIndex) => string;
  /** The condition that a text contains another, both as they are. */
  readonly contains: (column: string) => string;
  /** The condition of a failed call, as its index has it. */
  readonly failed: string;
  /** How many rows a page looks at when no index finds what is asked for. */
  readonly maxScanned: number;
  /**
   * Whether a page finds out first where it ends. For databases that write the rows of a subquery with a LIMIT to a temporary
   * table, all of them, before the first one is checked.
   */
  readonly findsEndFirst?: boolean;
};

type Direction = "ASC" | "DESC";

/** A condition of SQL and its values. */
type Condition = { readonly sql: string; readonly values: readonly (string | number)[] };

const condition = (sql: string, ...values: readonly (string | number)[]): Condition => ({ sql, values });

/** What a filter asks for: what an index finds in the order of the list, and what is checked row by row. */
type Plan = {
  readonly index: LogIndex;
  readonly indexed: readonly Condition[];
  readonly checked: readonly Condition[];
  readonly direction: Direction;
  readonly order: string;
};

function planOf(filter: LogFilter, direction: Direction, { contains, failed }: LogDialect): Plan {
  const { userId, action, success, subjectId, reference, text, receivedFromMs, fromId, beforeId, afterId } = filter;
  const ofUser = userId === undefined ? [] : [condition("user_id = ?", userId)];
  const ofAction = action === undefined ? [] : [condition("action = ?", action)];
  const ofSuccess = success === undefined ? [] : [condition(success ? `NOT (${failed})` : failed)];
  const ofSubject = subjectId === undefined ? [] : [condition("subject_id = ?", subjectId)];
  const ofReference = reference === undefined ? [] : [condition("reference = ?", reference)];
  const ofText = text === undefined ? [] : [textCondition(contains, text)];
  const ofArrival = receivedFromMs === undefined ? [] : [condition("created_at_ms >= ?", receivedFromMs)];
  const range = [
    ...(beforeId === undefined ? [] : [condition("id < ?", beforeId)]),
    ...(fromId === undefined ? [] : [condition("id >= ?", fromId)]),
    ...(afterId === undefined ? [] : [condition("id > ?", afterId)]),
  ];
  const plan = (
    index: LogIndex,
    indexed: readonly Condition[],
    ...checked: readonly (readonly Condition[])[]
  ): Plan => ({
    index,
    indexed: [...indexed, ...range],
    checked: [...checked.flat(), ...ofArrival],
    ...{ direction, order: `id ${direction}` },
  });
  if (subjectId !== undefined) return plan("subject", ofSubject, ofUser, ofAction, ofSuccess, ofReference, ofText);
  if (reference !== undefined) return plan("reference", ofReference, ofUser, ofAction, ofSuccess, ofText);
  if (userId === undefined) return byTime(filter, plan("time", [], ofAction, ofSuccess, ofText));
  if (action !== undefined) return plan("action", [...ofUser, ...ofAction], ofSuccess, ofText);
  if (success === false) return plan("failed", [...ofUser, ...ofSuccess], ofText);
  return plan("key", ofUser, ofSuccess, ofText);
}

/** The logs of all users have an index by time. Ids begin with the time, so an id bounds both. */
function byTime({ fromId, beforeId, afterId }: LogFilter, plan: Plan): Plan {
  const times = [
    ...(beforeId === undefined ? [] : [condition("counted_at_ms <= ?", timeOfId(beforeId))]),
    ...(fromId === undefined ? [] : [condition("counted_at_ms >= ?", timeOfId(fromId))]),
    ...(afterId === undefined ? [] : [condition("counted_at_ms >= ?", timeOfId(afterId))]),
  ];
  const order = `counted_at_ms ${plan.direction}, id ${plan.direction}`;
  return { ...plan, indexed: [...plan.indexed, ...times], order };
}

function textCondition(contains: LogDialect["contains"], text: string): Condition {
  const texts = textsToFind(text);
  return condition(`(${texts.map(() => contains("details")).join(" OR ")})`, ...texts);
}

const where = (conditions: readonly Condition[]): string =>
  conditions.length === 0 ? "" : ` WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`;

const valuesOf = (...conditions: readonly (readonly Condition[])[]) =>
  conditions.flat().flatMap(({ values }) => values);

/** The rows that the index of a plan finds, in its order, and those that are checked. */
const rowsOf = ({ index, order }: Plan, { tableBy }: LogDialect, conditions: readonly Condition[]): string =>
  `FROM ${tableBy?.(index) ?? "call_logs"}${where(conditions)} ORDER BY ${order}`;

/** A page to read: its plan, what it selects, and how many logs it has at most. */
type PageRead = { readonly plan: Plan; readonly columns: string; readonly limit: number };

/** The scan of a page, on this database. */
export const scanLogsWith =
  (dialect: LogDialect): LogBackend["scan"] =>
  async (filter, limit, { order, details } = listing) => {
    const plan = planOf(filter, order === "oldest first" ? "ASC" : "DESC", dialect);
    const page: PageRead = { plan, columns: selectedLogColumns(details), limit };
    // Oldest first, rows that are removed at the begin meanwhile would move the end, and the file would end too early.
    const findsEndFirst = dialect.findsEndFirst || plan.direction === "ASC";
    if (plan.checked.length > 0) return (findsEndFirst ? scanToEnd : scanSubquery)(dialect, page);
    const sql = `SELECT ${page.columns} ${rowsOf(plan, dialect, plan.indexed)} LIMIT ${limit + 1}`;
    return pageOf(page, await dialect.read(sql, valuesOf(plan.indexed)), async () => undefined);
  };

/** @param endOf finds the last log that was looked at, when all that were found are on the page */
async function pageOf(
  { limit }: PageRead,
  rows: readonly LogRow[],
  endOf: (logs: readonly CallLog[]) => Promise<string | undefined>,
): Promise<LogPage> {
  const logs = rows.slice(0, limit).map(toCallLog);
  return { logs, lastId: rows.length > limit ? logs.at(-1)?.id : await endOf(logs) };
}

/** A bounded scan of a subquery, which ends as soon as the page is full. */
async function scanSubquery(dialect: LogDialect, page: PageRead): Promise<LogPage> {
  const { plan, columns, limit } = page;
  const { indexed, checked, order } = plan;
  const rows = `${rowsOf(plan, dialect, indexed)} LIMIT ${dialect.maxScanned}`;
  const sql = `SELECT ${columns} FROM (SELECT * ${rows}) AS scanned${where(checked)} ORDER BY ${order} LIMIT ${limit + 1}`;
  return pageOf(page, await dialect.read(sql, valuesOf(indexed, checked)), async (logs) => {
    const [end] = await dialect.read(
      `SELECT count(*) AS scanned, min(id) AS last_id FROM (SELECT id ${rows}) AS scanned`,
      valuesOf(indexed),
    );
    const isEnd = Number(end?.["scanned"] ?? 0) < dialect.maxScanned;
    return isEnd ? undefined : pageEndOf(logs, String(end?.["last_id"]));
  });
}

/** A bounded scan between two ids: of the rows before its end, only the index is read. */
async function scanToEnd(dialect: LogDialect, page: PageRead): Promise<LogPage> {
  const { plan, columns, limit } = page;
  const { indexed, checked, index } = plan;
  const until = plan.direction === "ASC" ? "<=" : ">=";
  const [end] = await dialect.read(
    `SELECT id ${rowsOf(plan, dialect, indexed)} LIMIT 1 OFFSET ${dialect.maxScanned - 1}`,
    valuesOf(indexed),
  );
  const endId = end && String(end["id"]);
  const bounds = endId === undefined ? [] : [condition(`id ${until} ?`, endId)];
  const times = endId === undefined || index !== "time" ? [] : [condition(`counted_at_ms ${until} ?`, timeOfId(endId))];
  const conditions = [...indexed, ...bounds, ...times, ...checked];
  const sql = `SELECT ${columns} ${rowsOf(plan, dialect, conditions)} LIMIT ${limit + 1}`;
  return pageOf(page, await dialect.read(sql, valuesOf(conditions)), async () => endId);
}

/** One log with all of its details. */
export async function findLog(read: ReadLogRows, id: string, userId: UserId | undefined) {
  const sql = `SELECT ${selectedLogColumns("all")} FROM call_logs WHERE `;
  const [row] =
    userId === undefined
      ? await read(`${sql}counted_at_ms = ? AND id = ?`, [timeOfId(id), id])
      : await read(`${sql}user_id = ? AND id = ?`, [userId, id]);
  return row && toCallLog(row);
}
