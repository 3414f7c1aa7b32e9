import { userId } from "@jifen/core";
import type { CallLog, LogKey, NewCallLog } from "./call-log.ts";
import { durationColumns } from "./duration-classes.ts";
import { type LogReading, MAX_LISTED_DETAILS_BYTES } from "./log-filter.ts";
import type { LogSum } from "./log-sums.ts";

/** A column of a SQL table: its name and its value in a row. */
export type LogColumn<Row> = {
  readonly name: string;
  /** The type of PostgreSQL. */
  readonly type: "text" | "bigint" | "integer" | "boolean";
  readonly of: (row: Row) => string | number | boolean | null;
};

/** The columns of `call_logs`. */
export const logColumns: readonly LogColumn<NewCallLog>[] = [
  { name: "user_id", type: "text", of: ({ userId }) => userId },
  { name: "id", type: "text", of: ({ id }) => id },
  { name: "counted_at_ms", type: "bigint", of: ({ countedAtMs }) => countedAtMs },
  { name: "action", type: "text", of: ({ action }) => action },
  { name: "success", type: "boolean", of: ({ success }) => success },
  { name: "duration_ms", type: "integer", of: ({ durationMs }) => durationMs },
  { name: "subject_id", type: "text", of: ({ subjectId }) => subjectId },
  { name: "reference", type: "text", of: ({ reference }) => reference },
  { name: "details", type: "text", of: ({ details }) => details },
  { name: "details_bytes", type: "integer", of: ({ detailsBytes }) => detailsBytes },
  { name: "occurred_at_ms", type: "bigint", of: ({ occurredAtMs }) => occurredAtMs },
  { name: "created_at_ms", type: "bigint", of: ({ createdAtMs }) => createdAtMs },
];

/** The columns of `log_keys`, its key first. */
export const logKeyColumns: readonly LogColumn<LogKey>[] = [
  { name: "user_id", type: "text", of: ({ userId }) => userId },
  { name: "idempotency_key", type: "text", of: ({ idempotencyKey }) => idempotencyKey },
  { name: "log_id", type: "text", of: ({ logId }) => logId },
];

/** The columns of a table of sums, its key first. */
export const sumColumns = <Owner extends string | number>(
  owner: "user_id" | "part",
): readonly LogColumn<LogSum<Owner>>[] => [
  { name: owner, type: owner === "part" ? "integer" : "text", of: (sum) => sum.owner },
  { name: "quarter", type: "integer", of: ({ quarter }) => quarter },
  { name: "action", type: "text", of: ({ action }) => action },
  { name: "calls", type: "integer", of: ({ calls }) => calls },
  { name: "failures", type: "integer", of: ({ failures }) => failures },
  { name: "timed", type: "integer", of: ({ timed }) => timed },
  { name: "duration_sum_ms", type: "bigint", of: ({ durationSumMs }) => durationSumMs },
  ...durationColumns.map(
    (name, at): LogColumn<LogSum<Owner>> => ({ name, type: "integer", of: ({ classes }) => classes[at] ?? null }),
  ),
];

/** The tables of sums, by the column that owns their rows. */
export const sumTables = { user_id: "log_rollups", part: "log_totals" } as const;

/** The first columns of a table of sums are its key, the others are added to. */
const SUM_KEY_COLUMNS = 3;

/** The assignments that add a new row of sums to the stored one. @param added the new value of a column */
export const additions = (stored: string, added: (column: string) => string): string =>
  sumColumns("part")
    .slice(SUM_KEY_COLUMNS)
    .map(({ name }) => {
      const [old, plus] = [`${stored}${name}`, added(name)];
      return /^d\d/.test(name) ? `${name} = coalesce(${old} + ${plus}, ${old}, ${plus})` : `${name} = ${old} + ${plus}`;
    })
    .join(", ");

const selectedDetails: Readonly<Record<LogReading["details"], string>> = {
  all: "details",
  small: `CASE WHEN details_bytes <= ${MAX_LISTED_DETAILS_BYTES} THEN details END AS details`,
  none: "NULL AS details",
};

/** What a query of logs selects. */
export const selectedLogColumns = (details: LogReading["details"]): string =>
  logColumns.map(({ name }) => (name === "details" ? selectedDetails[details] : name)).join(", ");

/** A row of `call_logs` as a driver returns it. */
export type LogRow = Readonly<Record<string, unknown>>;

const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));
const numberOrNull = (value: unknown): number | null => (value === null ? null : Number(value));

/** Row to log. */
export const toCallLog = (row: LogRow): CallLog => ({
  userId: userId(String(row["user_id"])),
  id: String(row["id"]),
  countedAtMs: Number(row["counted_at_ms"]),
  action: String(row["action"]),
  success: Boolean(row["success"]),
  durationMs: numberOrNull(row["duration_ms"]),
  subjectId: textOrNull(row["subject_id"]),
  reference: textOrNull(row["reference"]),
  details: textOrNull(row["details"]),
  detailsBytes: Number(row["details_bytes"]),
  occurredAtMs: Number(row["occurred_at_ms"]),
  createdAtMs: Number(row["created_at_ms"]),
});
