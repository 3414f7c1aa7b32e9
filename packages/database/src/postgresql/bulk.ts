import type pg from "pg";
import type { Columns } from "../columns.ts";

/** A statement that a connection prepares once, by its name. */
export type Prepared = { readonly name: string; readonly text: string };

/** A bulk statement for rows of one kind. */
export type Bulk<Row> = Prepared & { readonly columns: Columns<Row> };

/** `unnest($1::text[], $2::bigint[], …)`: rows sent as one array for each column. */
const unnested = ({ types }: Columns<never>): string =>
  `unnest(${types.map((type, index) => `$${index + 1}::${type}[]`).join(", ")})`;

/** Inserts many rows. */
export const insertInto = <Row>(table: string, columns: Columns<Row>): Bulk<Row> => ({
  name: `insert-${table}`,
  text: `INSERT INTO ${table} (${columns.names}) SELECT * FROM ${unnested(columns as Columns<never>)}`,
  columns,
});

/**
 * Updates many rows. When one of them is not there, it divides by zero: the transaction fails, although its COMMIT has
 * been sent along.
 * @param keyed how many of the columns, from the first on, make the key.
 */
export function updateOf<Row>(table: string, columns: Columns<Row>, keyed: number): Bulk<Row> {
  const names = columns.names.split(", ");
  const set = names.slice(keyed).map((name) => `${name} = new.${name}`);
  const where = names.slice(0, keyed).map((name) => `${table}.${name} = new.${name}`);
  return {
    name: `update-${table}`,
    text: `WITH changed AS (
      UPDATE ${table} SET ${set.join(", ")} FROM ${unnested(columns as Columns<never>)} AS new (${columns.names})
      WHERE ${where.join(" AND ")} RETURNING 1)
    SELECT 1 / (count(*) = cardinality($1))::integer AS all_there FROM changed`,
    columns,
  };
}

/** Selects the rows of a table by pairs of account and another column. */
export const selectByPairs = (table: string, columns: string, by: string): Prepared => ({
  name: `${table}-by-${by}`,
  text: `SELECT ${columns
    .split(", ")
    .map((name) => `t.${name}`)
    .join(", ")}
    FROM unnest($1::text[], $2::text[]) AS asked (account_id, ${by})
    JOIN ${table} t ON t.account_id = asked.account_id AND t.${by} = asked.${by}`,
});

/** One bulk statement with its rows, ready to be sent; none when there are no rows. */
export function filled<Row>({ name, text, columns }: Bulk<Row>, rows: readonly Row[]): readonly pg.QueryConfig[] {
  if (rows.length === 0) return [];
  const values = rows.map(columns.values);
  const arrays = columns.types.map((_, column) => arrayLiteral(values.map((row) => row[column])));
  return [{ name, text, values: arrays }];
}

/**
 * An array as PostgreSQL reads it (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). The driver would do
 * it too, but escapes every element, whatever is in it: a tenth of the time that a batch takes.
 */
const arrayLiteral = (elements: readonly unknown[]): string => `{${elements.map(elementLiteral).join(",")}}`;

function elementLiteral(element: unknown): string {
  if (element === null) return "NULL";
  if (typeof element !== "string") return String(element);
  return /["\\]/.test(element) ? `"${element.replace(/["\\]/g, "\\$&")}"` : `"${element}"`;
}
