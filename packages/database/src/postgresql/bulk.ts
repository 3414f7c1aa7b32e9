import type pg from "pg";
import type { Columns } from "../columns.ts";

/** A statement that a connection prepares once, by its name. */
export type Prepared = { readonly name: string; readonly text: string };

/** One kind of write, of any number of rows. */
export type Bulk<Row> = {
  /** Short: a statement is named after all that it writes, and names have an end. */
  readonly name: string;
  readonly columns: Columns<Row>;
  /** The statement, given where its rows come from. */
  readonly sql: (rows: string) => string;
  /** Whether it may find fewer rows than it was sent; what is inserted is there, or the statement fails. */
  readonly mayMiss: boolean;
};

/** A write with its rows, column by column. */
export type Filled = { readonly bulk: Bulk<never>; readonly arrays: readonly string[] };

/** Inserts rows. */
export const insertInto = <Row>(name: string, table: string, columns: Columns<Row>): Bulk<Row> => ({
  name,
  columns,
  sql: (rows) => `INSERT INTO ${table} (${columns.names}) SELECT * FROM ${rows}`,
  mayMiss: false,
});

/**
 * Updates rows. The first two columns find the row, the others are set.
 * @param is.where finds a row of the table, `old`, for each of the rows that are sent, `new`.
 */
export const updateOf = <Row>(
  name: string,
  columns: Columns<Row>,
  is: { readonly table: string; readonly where: string },
): Bulk<Row> => {
  const set = columns.names.split(", ").slice(2);
  return {
    name,
    columns,
    sql: (rows) => `UPDATE ${is.table} AS old SET ${set.map((column) => `${column} = new.${column}`).join(", ")}
    FROM ${rows} AS new (${columns.names}) WHERE ${is.where} RETURNING 1`,
    mayMiss: true,
  };
};

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

/** A write with its rows; nothing when there are none. */
export function filled<Row>(bulk: Bulk<Row>, rows: readonly Row[]): readonly Filled[] {
  if (rows.length === 0) return [];
  const values = rows.map(bulk.columns.values);
  const arrays = bulk.columns.types.map((_, column) => arrayLiteral(values.map((row) => row[column])));
  return [{ bulk: bulk as unknown as Bulk<never>, arrays }];
}

const texts = new Map<string, string>();

/**
 * All writes as one statement. When one of them touches fewer rows than it was sent, it divides by zero: everything
 * fails, and so does the COMMIT that has been sent along.
 */
export function together(writes: readonly Filled[]): pg.QueryConfig {
  const name = `write-${writes.map(({ bulk }) => bulk.name).join("")}`;
  const text = texts.get(name) ?? textOf(writes);
  texts.set(name, text);
  return { name, text, values: writes.flatMap(({ arrays }) => arrays) };
}

function textOf(writes: readonly Filled[]): string {
  let sent = 0;
  const parts = writes.map(({ bulk }) => {
    const first = sent + 1;
    const places = bulk.columns.types.map((type, index) => `$${first + index}::${type}[]`);
    sent += places.length;
    return { name: `write_${first}`, first, sql: bulk.sql(`unnest(${places.join(", ")})`), mayMiss: bulk.mayMiss };
  });
  const ctes = parts.map(({ name, sql }) => `${name} AS (${sql})`).join(",\n");
  const found = parts
    .filter(({ mayMiss }) => mayMiss)
    .map(({ name, first }) => `(SELECT count(*) FROM ${name}) = cardinality($${first})`);
  return `WITH ${ctes}\nSELECT 1 / (${["true", ...found].join(" AND ")})::integer AS all_there`;
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
