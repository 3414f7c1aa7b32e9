import type { UpsertResult } from "mariadb";
import type { Columns } from "../../ledger/columns.ts";
import type { Pair } from "../../ledger/snapshot-draft.ts";
import type { PooledConnection } from "./pool.ts";

/** How texts compare, byte by byte: as in the migrations, where the two comments are explained. */
const BYTEWISE = "COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */";

/** Characters of the longest id or key that the tables take. */
const LONGEST = 320;

/** Whether a text fits into the tables. What does not is in none, and cut to size it would be taken for another. */
const fits = (text: string): boolean => text.length <= LONGEST || [...text].length <= LONGEST;

/** `id` → `t.id`, for all names in a list. */
const of = (table: string, names: string): string => names.replace(/\w+/g, `${table}.$&`);

/** Ids as a table, in the order in which they are given: IN would be answered in whatever way and order seems best. */
export const askedIds = `JSON_TABLE(?, '$[*]' COLUMNS (id varchar(${LONGEST}) ${BYTEWISE} PATH '$')) AS asked`;

const askedPairs = `JSON_TABLE(?, '$[*]' COLUMNS (account_id varchar(${LONGEST}) ${BYTEWISE} PATH '$[0]',
  other varchar(${LONGEST}) ${BYTEWISE} PATH '$[1]')) AS asked`;

/** Selects rows of a table, found by one index for each id of a list; `where` is about a row, `t`. */
export const selectByIds = (table: string, columns: string, by: { index: string; where: string }): string =>
  `SELECT STRAIGHT_JOIN ${of("t", columns)} FROM ${askedIds} JOIN ${table} AS t FORCE INDEX (${by.index}) ON ${by.where}`;

/** Selects rows of a table by pairs of account and another column, found by one index. */
export const selectByPairs = (table: string, columns: string, by: { index: string; column: string }): string =>
  `SELECT STRAIGHT_JOIN ${of("t", columns)} FROM ${askedPairs} JOIN ${table} AS t FORCE INDEX (${by.index})
    ON t.account_id = asked.account_id AND t.${by.column} = asked.other`;

/** Ids as `askedIds` takes them. */
export const idList = (all: readonly string[]): string => JSON.stringify(all.filter(fits));

/** Pairs as `askedPairs` takes them. */
export const pairList = (all: readonly Pair[]): string =>
  JSON.stringify(all.filter(([account, other]) => fits(account) && fits(other)));

/** A statement that is run once for each row, and the values of a row in the order of its places. */
export type Bulk<Row> = { readonly sql: string; readonly values: (row: Row) => readonly unknown[] };

/** Inserts rows. */
export const insertInto = <Row>(table: string, { names, values }: Columns<Row>): Bulk<Row> => ({
  sql: `INSERT INTO ${table} (${names}) VALUES (${names.replace(/\w+/g, "?")})`,
  values,
});

/** Updates rows: the first `keyed` columns find the row, the others are set. */
export const updateOf = <Row>(table: string, { names, values }: Columns<Row>, keyed: number): Bulk<Row> => {
  const all = names.split(", ");
  const equal = (columns: readonly string[]) => columns.map((name) => `${name} = ?`);
  return {
    sql: `UPDATE ${table} SET ${equal(all.slice(keyed)).join(", ")} WHERE ${equal(all.slice(0, keyed)).join(" AND ")}`,
    values: (row) => {
      const given = values(row);
      return [...given.slice(keyed), ...given.slice(0, keyed)];
    },
  };
};

/**
 * Everything is sent as text, which the server turns into what the column has: the driver sends numbers as 32 bits or as
 * floating point, and begins anew wherever a row needs the other.
 */
const asText = (value: unknown): string | null => (value === null ? null : String(value));

/**
 * Runs a statement for each of the rows, all of them in one flight on MariaDB.
 * @returns how many rows it found or made
 */
export async function runBulk<Row>(
  connection: PooledConnection,
  { sql, values }: Bulk<Row>,
  rows: readonly Row[],
): Promise<number> {
  const all = rows.map((row) => values(row).map(asText));
  if (all.length === 1) return (await connection.execute<UpsertResult>(sql, all[0])).affectedRows;
  // One answer for all rows on MariaDB, one for each on MySQL.
  const results = await connection.batch<UpsertResult | UpsertResult[]>(sql, all);
  return [results].flat().reduce((sum, { affectedRows }) => sum + affectedRows, 0);
}
