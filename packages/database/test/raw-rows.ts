import { openMongodbRows, type RawRows, type Row } from "@jifen/testkit";
import { openRawSql, type RawSql } from "./raw-sql.ts";

/** Opens the rows of the database behind `url` without the code under test. */
export const openRawRows = async (url: string): Promise<RawRows> =>
  url.startsWith("mongodb") ? openMongodbRows(url) : rowsOf(await openRawSql(url));

const literal = (value: unknown) => (typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value));
const equal = (row: Row, separator: string) =>
  Object.entries(row)
    .map(([column, value]) => `${column} = ${literal(value)}`)
    .join(separator);
const only = (where: Row) => (Object.keys(where).length === 0 ? "" : ` WHERE ${equal(where, " AND ")}`);

/** The rows of a SQL database. */
const rowsOf = (sql: RawSql): RawRows => ({
  find: (table, where = {}, by) =>
    sql.query(`SELECT * FROM ${table}${only(where)}${by === undefined ? "" : ` ORDER BY ${by}`}`),
  insert: async (table, row) => {
    const values = Object.values(row).map(literal).join(", ");
    await sql.query(`INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${values})`);
  },
  update: async (table, set, where = {}) =>
    void (await sql.query(`UPDATE ${table} SET ${equal(set, ", ")}${only(where)}`)),
  remove: async (table, where = {}) => void (await sql.query(`DELETE FROM ${table}${only(where)}`)),
  close: () => sql.close(),
});
