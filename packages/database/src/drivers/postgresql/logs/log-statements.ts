import type pg from "pg";
import type { LogKey, NewCallLog } from "../../../logs/call-log.ts";
import {
  additions,
  type LogColumn,
  logColumns,
  logKeyColumns,
  sumColumns,
  sumTables,
} from "../../../logs/log-columns.ts";
import type { LogSum } from "../../../logs/log-sums.ts";
import { arrayOf, namesOf } from "./log-arrays.ts";

/** The rows of a statement: an array for each column. */
const sent = <Row>(columns: readonly LogColumn<Row>[]): string =>
  `SELECT * FROM unnest(${columns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(", ")})`;

const valuesOf = <Row>(columns: readonly LogColumn<Row>[], rows: readonly Row[]) =>
  columns.map((column) => arrayOf(column, rows));

const claim = {
  name: "log-keys-claim",
  text: `INSERT INTO log_keys (${namesOf(logKeyColumns)}) ${sent(logKeyColumns)} ON CONFLICT DO NOTHING RETURNING log_id AS id`,
};

/** Stores keys that are not stored yet. */
export const claimKeys = (keys: readonly LogKey[]): pg.QueryConfig => ({
  ...claim,
  values: valuesOf(logKeyColumns, keys),
});

const insert = {
  name: "logs-insert",
  text: `INSERT INTO call_logs (${namesOf(logColumns)}) ${sent(logColumns)} ON CONFLICT DO NOTHING RETURNING id`,
};

/** Inserts logs that are not stored yet. */
export const insertLogs = (logs: readonly NewCallLog[]): pg.QueryConfig => ({
  ...insert,
  values: valuesOf(logColumns, logs),
});

/** The statement that adds to the rows of a table of sums. */
const adding = <Owner extends string | number>(owner: keyof typeof sumTables) => {
  const columns = sumColumns<Owner>(owner);
  const name = `${sumTables[owner]}-add`;
  const text = `INSERT INTO ${sumTables[owner]} AS stored (${namesOf(columns)}) ${sent(columns)}
    ON CONFLICT (${owner}, quarter, action) DO UPDATE SET ${additions("stored.", (column) => `excluded.${column}`)}`;
  return (sums: readonly LogSum<Owner>[]): pg.QueryConfig => ({ name, text, values: valuesOf(columns, sums) });
};

/** Adds to the sums of users. */
export const addUserSums = adding<string>("user_id");

/** Adds to a part of the sums of all users. */
export const addTotalSums = adding<number>("part");

/**
 * Joins the logs of keys. By the order of ids, PostgreSQL takes the primary key in each month; without it, in a month that is
 * empty when the statement is planned, any index, through which it would read the whole month for each key later.
 */
const joinOnOneServer = `CROSS JOIN LATERAL (SELECT * FROM call_logs
    WHERE user_id = k.user_id AND id >= k.log_id AND id <= k.log_id ORDER BY id LIMIT 1) AS l
    WHERE k.user_id = ANY($1::text[])`;

/** On Citus, a join by equality stays on one node. */
const joinOnCitus = `JOIN call_logs AS l ON l.user_id = k.user_id AND l.id = k.log_id
    WHERE k.user_id = ANY($1::text[]) AND l.user_id = ANY($1::text[])`;

/** Selects logs by their keys. */
export const keysWithLogs = (
  keys: readonly Omit<LogKey, "logId">[],
  { isDistributed }: { readonly isDistributed: boolean },
) => ({
  name: isDistributed ? "logs-by-key-distributed" : "logs-by-key",
  text: `SELECT ${logColumns.map(({ name }) => `l.${name}`).join(", ")}, k.idempotency_key FROM unnest($1::text[], $2::text[]) AS sent (user_id, idempotency_key)
    JOIN log_keys AS k ON k.user_id = sent.user_id AND k.idempotency_key = sent.idempotency_key
    ${isDistributed ? joinOnCitus : joinOnOneServer}`,
  values: valuesOf(logKeyColumns.slice(0, 2), keys as readonly LogKey[]),
});
