import type { UpsertResult } from "mariadb";
import type { Columns } from "../../ledger/columns.ts";
import type { Pair } from "../../ledger/snapshot-draft.ts";
import type { PooledConnection } from "./pool.ts";

/** Texts compare byte by byte, as in the migrations, which explain the two comments. */
const COLLATE = "COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */";

/** The maximum number of characters of an id or a key. */
const MAX_LENGTH = 320;

/** Whether a text can be in the tables. A longer one is in no row, and truncated it would match another. */
const fits = (text: string): boolean => text.length <= MAX_LENGTH || [...text].length <= MAX_LENGTH;

/** `id` → `t.id`, for all names in a list. */
const qualified = (table: string, names: string): string => names.replace(/\w+/g, `${table}.$&`);

/** A list of ids as a table, in their order: for IN the server would choose any order and any plan. */
export const idTable = `JSON_TABLE(?, '$[*]' COLUMNS (id varchar(${MAX_LENGTH}) ${COLLATE} PATH '$')) AS named`;

const pairTable = `JSON_TABLE(?, '$[*]' COLUMNS (account_id varchar(${MAX_LENGTH}) ${COLLATE} PATH '$[0]',
  other varchar(${MAX_LENGTH}) ${COLLATE} PATH '$[1]')) AS named`;

/** Selects the rows of a table for each id of a list, by one index. `where` is the condition on a row, `t`. */
export const selectByIds = (table: string, columns: string, by: { index: string; where: string }): string =>
  `SELECT STRAIGHT_JOIN ${qualified("t", columns)} FROM ${idTable} JOIN ${table} AS t FORCE INDEX (${by.index}) ON ${by.where}`;

/** Selects the rows of a table by pairs of an account and another column, by one index. */
export const selectByPairs = (table: string, columns: string, by: { index: string; column: string }): string =>
  `SELECT STRAIGHT_JOIN ${qualified("t", columns)} FROM ${pairTable} JOIN ${table} AS t FORCE INDEX (${by.index})
    ON t.account_id = named.account_id AND t.${by.column} = named.other`;

/** The parameter of `idTable`. */
export const idList = (all: readonly string[]): string => JSON.stringify(all.filter(fits));

/** The parameter of `pairTable`. */
export const pairList = (all: readonly Pair[]): string =>
  JSON.stringify(all.filter(([account, other]) => fits(account) && fits(other)));

/** A statement that runs once for each row, and the values of its parameters. */
export type Bulk<Row> = { readonly sql: string; readonly values: (row: Row) => readonly unknown[] };

/** Inserts rows. */
export const insertInto = <Row>(table: string, { names, values }: Columns<Row>): Bulk<Row> => ({
  sql: `INSERT INTO ${table} (${names}) VALUES (${names.replace(/\w+/g, "?")})`,
  values,
});

/** Updates rows: the first `keyColumns` columns identify the row, the others are set. */
export const updateOf = <Row>(table: string, { names, values }: Columns<Row>, keyColumns: number): Bulk<Row> => {
  const all = names.split(", ");
  const equal = (columns: readonly string[]) => columns.map((name) => `${name} = ?`);
  return {
    sql: `UPDATE ${table} SET ${equal(all.slice(keyColumns)).join(", ")} WHERE ${equal(all.slice(0, keyColumns)).join(" AND ")}`,
    values: (row) => {
      const given = values(row);
      return [...given.slice(keyColumns), ...given.slice(0, keyColumns)];
    },
  };
};

/**
 * Values are sent as text, which the server converts to the type of the column: the driver sends numbers as 32-bit integers
 * or as floating point, and starts a new batch when a row needs the other type.
 */
const asText = (value: unknown): string | null => (value === null ? null : String(value));

/**
 * Runs a statement for each of the rows, in one round trip on MariaDB.
 * @returns how many rows were matched or inserted
 */
export async function runBulk<Row>(
  connection: PooledConnection,
  { sql, values }: Bulk<Row>,
  rows: readonly Row[],
): Promise<number> {
  const all = rows.map((row) => values(row).map(asText));
  if (all.length === 1) return (await connection.execute<UpsertResult>(sql, all[0])).affectedRows;
  // MariaDB answers once for all rows, MySQL once for each.
  const results = await connection.batch<UpsertResult | UpsertResult[]>(sql, all);
  return [results].flat().reduce((sum, { affectedRows }) => sum + affectedRows, 0);
}
