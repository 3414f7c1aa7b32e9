import type { Columns } from "../../../ledger/columns.ts";
import type { LogKey } from "../../../logs/call-log.ts";
import {
  additions,
  type LogColumn,
  logColumns,
  logKeyColumns,
  sumColumns,
  sumTables,
} from "../../../logs/log-columns.ts";
import type { LogSum } from "../../../logs/log-sums.ts";
import { type Bulk, insertInto, pairList, pairTable, qualified } from "../statements.ts";

const toColumns = <Row>(columns: readonly LogColumn<Row>[]): Pick<Columns<Row>, "names" | "values"> => ({
  names: columns.map(({ name }) => name).join(", "),
  values: (row) => columns.map(({ of }) => toStored(of(row))),
});

/** A boolean is a number of one digit. */
const toStored = (value: unknown): unknown => (typeof value === "boolean" ? Number(value) : value);

/** Inserts keys. Fails when one is stored already. */
export const insertKeys = insertInto("log_keys", toColumns(logKeyColumns));

/** Inserts logs. Fails when one is stored already. */
export const insertLogs = insertInto("call_logs", toColumns(logColumns));

/** MySQL 8.0.20 and newer also have another word for VALUES, which MariaDB does not have. */
const addTo = <Owner extends string | number>(owner: keyof typeof sumTables): Bulk<LogSum<Owner>> =>
  insertInto(
    sumTables[owner],
    toColumns(sumColumns<Owner>(owner)),
    `ON DUPLICATE KEY UPDATE ${additions("", (name) => `VALUES(${name})`)}`,
  );

/** Add to the rows of the tables of sums. The server counts a row that it inserts as one, and one that it changes as two. */
export const addSums = { ofUsers: addTo<string>("user_id"), ofAll: addTo<number>("part") };

/** The type of ids: the index of another type could not be used. */
const ID = "varchar(100) CHARACTER SET ascii COLLATE ascii_bin";

/** Selects which of these keys are stored, as pairs of a user and a key. */
export const storedKeys = `SELECT STRAIGHT_JOIN k.user_id, k.idempotency_key FROM ${pairTable()}
  JOIN log_keys AS k FORCE INDEX (PRIMARY) ON k.user_id = named.owner AND k.idempotency_key = named.other`;

/** Selects which of these logs are stored, by pairs of a user and an id. */
export const storedLogs = `SELECT STRAIGHT_JOIN l.id FROM ${pairTable(ID)}
  JOIN call_logs AS l FORCE INDEX (PRIMARY) ON l.user_id = named.owner AND l.id = named.other`;

/** Selects logs by pairs of a user and a key. */
export const logsByKeys = `SELECT STRAIGHT_JOIN ${qualified("l", logColumns.map(({ name }) => name).join(", "))}, k.idempotency_key
  FROM ${pairTable()}
  JOIN log_keys AS k FORCE INDEX (PRIMARY) ON k.user_id = named.owner AND k.idempotency_key = named.other
  JOIN call_logs AS l FORCE INDEX (PRIMARY) ON l.user_id = k.user_id AND l.id = k.log_id`;

/** The parameter for keys. */
export const keyPairs = (keys: readonly Omit<LogKey, "logId">[]): string =>
  pairList(keys.map(({ userId, idempotencyKey }) => [userId, idempotencyKey]));
