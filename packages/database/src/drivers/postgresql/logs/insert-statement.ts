import type pg from "pg";
import type { NewCallLog } from "../../../logs/call-log.ts";
import { durationBoundsMs, durationColumns } from "../../../logs/duration-classes.ts";
import type { LogBatch } from "../../../logs/log-backend.ts";
import {
  additions,
  type LogColumn,
  logColumns,
  logKeyColumns,
  sumColumns,
  sumTables,
} from "../../../logs/log-columns.ts";
import { QUARTER_MS } from "../../../logs/log-sums.ts";
import { arrayOf, namesOf } from "./log-arrays.ts";

const keyColumn: LogColumn<NewCallLog> = {
  name: "idempotency_key",
  type: "text",
  of: ({ idempotencyKey }) => idempotencyKey,
};
const sentColumns = [...logColumns, keyColumn];
const PART = `$${sentColumns.length + 1}::integer`;

const places = sentColumns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(", ");
const sent = `SELECT * FROM unnest(${places}) AS row (${namesOf(sentColumns)})`;

const claimed = `INSERT INTO log_keys (${namesOf(logKeyColumns)}) SELECT user_id, idempotency_key, id FROM sent
  WHERE idempotency_key IS NOT NULL ON CONFLICT DO NOTHING RETURNING log_id`;

const inserted = `INSERT INTO call_logs (${namesOf(logColumns)}) SELECT ${namesOf(logColumns)} FROM sent
  WHERE idempotency_key IS NULL OR id IN (SELECT log_id FROM claimed)
  ON CONFLICT DO NOTHING RETURNING user_id, id, counted_at_ms, action, success, duration_ms`;

/** How many of the bounds without the last are below a duration: its class. The function counts those that are not above. */
const durationClass = `width_bucket(duration_ms - 1, ARRAY[${durationBoundsMs.slice(0, -1).join(", ")}])`;

const classCounts = durationColumns.map(
  (name, at) => `nullif(count(*) FILTER (WHERE duration_class = ${at}), 0)::integer AS ${name}`,
);

const summed = `SELECT user_id, quarter, action, count(*)::integer AS calls,
  count(*) FILTER (WHERE NOT success)::integer AS failures, count(duration_ms)::integer AS timed,
  coalesce(sum(duration_ms), 0) AS duration_sum_ms, ${classCounts.join(", ")}
  FROM (SELECT *, (counted_at_ms / ${QUARTER_MS})::integer AS quarter, ${durationClass} AS duration_class
    FROM inserted) AS log
  GROUP BY user_id, quarter, action`;

/** The statement that adds to the rows of a table of sums, in the order of their keys. */
const adding = (owner: keyof typeof sumTables, sums: string): string =>
  `INSERT INTO ${sumTables[owner]} AS stored (${namesOf(sumColumns(owner))}) ${sums} ORDER BY ${owner}, quarter, action
  ON CONFLICT (${owner}, quarter, action) DO UPDATE SET ${additions("stored.", (column) => `excluded.${column}`)}`;

/** The columns that are added up, whose types a sum would change. */
const summedAgain = sumColumns("part")
  .slice(3)
  .map(({ name, type }) => `sum(${name})::${type}`);

const insert = {
  name: "logs-insert-together",
  text: `WITH sent AS MATERIALIZED (${sent}),
claimed AS (${claimed}),
inserted AS (${inserted}),
summed AS MATERIALIZED (${summed}),
of_users AS (${adding("user_id", "SELECT * FROM summed")}),
of_all AS (${adding("part", `SELECT ${PART} AS part, quarter, action, ${summedAgain.join(", ")} FROM summed GROUP BY quarter, action`)})
SELECT id FROM sent WHERE id NOT IN (SELECT id FROM inserted)`,
};

/**
 * Claims keys, inserts logs and adds up what was inserted, in one statement. Selects the ids of the logs that were not inserted.
 */
export const insertTogether = ({ logs, part }: LogBatch): pg.QueryConfig => ({
  ...insert,
  values: [...sentColumns.map((column) => arrayOf(column, logs)), part],
});
