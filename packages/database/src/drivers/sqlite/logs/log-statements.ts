import type { Statement } from "better-sqlite3";
import type { LogKey, NewCallLog } from "../../../logs/call-log.ts";
import {
  additions,
  type LogColumn,
  type LogRow,
  logColumns,
  logKeyColumns,
  selectedLogColumns,
  sumColumns,
  sumTables,
} from "../../../logs/log-columns.ts";
import type { LogSum } from "../../../logs/log-sums.ts";
import type { Connection } from "../pool.ts";

/** A value of a statement. */
type Parameter = string | number | bigint | null;

/** How many statements stay prepared: lists have one for each combination of conditions and number of rows. */
const MAX_PREPARED = 200;

/** Prepares each statement once. */
export function createStatements(connection: Connection): (sql: string) => Statement<Parameter[], LogRow> {
  const prepared = new Map<string, Statement<Parameter[], LogRow>>();
  return (sql) => {
    const statement = prepared.get(sql) ?? connection.prepare<Parameter[], LogRow>(sql);
    if (prepared.size === MAX_PREPARED) prepared.clear();
    prepared.set(sql, statement);
    return statement;
  };
}

/** SQLite has no booleans. */
export const toParameter = (value: Parameter | boolean): Parameter =>
  typeof value === "boolean" ? Number(value) : value;

const insertInto = <Row>(table: string, columns: readonly LogColumn<Row>[]): string =>
  `INSERT INTO ${table} (${columns.map(({ name }) => name).join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;

/** A statement that inserts one row, and its values. */
type RowInsert<Row> = { readonly sql: string; readonly valuesOf: (row: Row) => readonly Parameter[] };

const rowInsert = <Row>(sql: string, columns: readonly LogColumn<Row>[]): RowInsert<Row> => ({
  sql,
  valuesOf: (row) => columns.map(({ of }) => toParameter(of(row))),
});

/** Stores a key that is not stored yet. */
export const claimKey: RowInsert<LogKey> = rowInsert(
  `${insertInto("log_keys", logKeyColumns)} ON CONFLICT DO NOTHING`,
  logKeyColumns,
);

/** Inserts a log that is not stored yet. */
export const insertLog: RowInsert<NewCallLog> = rowInsert(
  `${insertInto("call_logs", logColumns)} ON CONFLICT DO NOTHING`,
  logColumns,
);

/** Adds to a row of a table of sums. */
export const addSum = <Owner extends string | number>(owner: keyof typeof sumTables): RowInsert<LogSum<Owner>> => {
  const columns = sumColumns<Owner>(owner);
  const added = additions("stored.", (name) => `excluded.${name}`);
  return rowInsert(
    `${insertInto(`${sumTables[owner]} AS stored`, columns)} ON CONFLICT (${owner}, quarter, action) DO UPDATE SET ${added}`,
    columns,
  );
};

/** Selects the log of a user that has a key; the values are the user, twice, and the key. */
export const logByKey = `SELECT ${selectedLogColumns("all")} FROM call_logs
  WHERE user_id = ? AND id = (SELECT log_id FROM log_keys WHERE user_id = ? AND idempotency_key = ?)`;
