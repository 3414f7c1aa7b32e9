import type pg from "pg";
import type { Columns } from "../../ledger/columns.ts";

/** A statement that a connection prepares once, by its name. */
export type Prepared = { readonly name: string; readonly text: string };

/** One kind of write, of any number of rows. */
export type Bulk<Row> = {
  /** Short: a statement is named after all that it writes, and names have an end. */
  readonly name: string;
  readonly columns: Columns<Row>;
  /** The statement, given where its rows come from: a table with these columns, `new`. */
  readonly sql: (rows: string) => string;
  /** Whether it may find fewer rows than it was sent; what is inserted is there, or the statement fails. */
  readonly mayMiss: boolean;
};

/** A write with its rows, column by column. */
export type Filled = {
  readonly bulk: Bulk<never>;
  readonly columns: readonly (readonly unknown[])[];
  /** Which columns have the same in every row, a bit for each. */
  readonly same: number;
};

/** Inserts rows. */
export const insertInto = <Row>(name: string, table: string, columns: Columns<Row>): Bulk<Row> => ({
  name,
  columns,
  sql: (rows) => `INSERT INTO ${table} (${columns.names}) SELECT * FROM ${rows}`,
  mayMiss: false,
});

/**
 * Updates rows. The first columns, two or `is.finding`, find the row, the others are set.
 * @param is.where finds a row of the table, `old`, for each of the rows that are sent, `new`.
 */
export const updateOf = <Row>(
  name: string,
  columns: Columns<Row>,
  is: { readonly table: string; readonly where: string; readonly finding?: number },
): Bulk<Row> => {
  const set = columns.names.split(", ").slice(is.finding ?? 2);
  return {
    name,
    columns,
    sql: (rows) => `UPDATE ${is.table} AS old SET ${set.map((column) => `${column} = new.${column}`).join(", ")}
    FROM ${rows} WHERE ${is.where} RETURNING 1`,
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
  const columns = bulk.columns.of.map((of) => rows.map(of));
  const isSame = columns.map((column) => column.every((value) => value === column[0]));
  // Rows that are equal are so many rows all the same: it is for the database to refuse them.
  const isCounted = rows.length === 1 || isSame.includes(false);
  const same = isCounted ? isSame.reduce((bits, is, at) => (is ? bits | (1 << at) : bits), 0) : 0;
  return [{ bulk: bulk as unknown as Bulk<never>, columns, same }];
}

/** The database's clock, epoch milliseconds. */
export const now = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/** How far the database's clock may be from the moment at which this process thought that it decided. */
export const TOLERANCE_MS = 1_000;

/** A connection keeps each statement that it has prepared: nobody may fill its memory by varying what is the same. */
const MAX_FORMS = 200;
const texts = new Map<string, string>();

/** A write, and which columns are sent once: most are the same in all rows, and what is not sent need not be read. */
type Sent = Pick<Filled, "bulk" | "columns"> & { readonly once: number };

const nameOf = (writes: readonly Sent[], isTimed: boolean) =>
  `write-${writes.map(({ bulk, once }) => bulk.name + once.toString(36)).join(".")}${isTimed ? "-now" : ""}`;

/**
 * All writes as one statement, which says the time. When one of them touches fewer rows than it was sent, or it is not
 * `aroundMs` by the database's clock, it divides by zero: everything fails, and so does a COMMIT that has been sent along.
 * @param aroundMs the moment for which it was decided what to write; nothing when the database has said it for this write.
 */
export function together(writes: readonly Filled[], aroundMs?: number): pg.QueryConfig {
  const isTimed = aroundMs !== undefined;
  const short = writes.map(({ bulk, columns, same }) => ({ bulk, columns, once: same }));
  const isShort = texts.size < MAX_FORMS || texts.has(nameOf(short, isTimed));
  const sent = isShort ? short : short.map((each) => ({ ...each, once: 0 }));
  const name = nameOf(sent, isTimed);
  const text = texts.get(name) ?? textOf(sent, isTimed);
  texts.set(name, text);
  const values = sent.flatMap(({ columns, once }) =>
    columns.map((column, at) => (isSentOnce(once, at) ? column[0] : arrayLiteral(column))),
  );
  return { name, text, values: isTimed ? [aroundMs, ...values] : values };
}

const isSentOnce = (once: number, at: number): boolean => (once & (1 << at)) !== 0;

function textOf(writes: readonly Sent[], isTimed: boolean): string {
  let sent = isTimed ? 1 : 0;
  const parts = writes.map((write) => {
    const first = sent + 1;
    sent += write.columns.length;
    return partOf(write, first);
  });
  const ctes = parts.map(({ name, sql }) => `${name} AS (${sql})`).join(",\n");
  const conditions = [
    isTimed ? `abs(${now} - $1::bigint) < ${TOLERANCE_MS}` : "true",
    ...parts.filter(({ mayMiss }) => mayMiss).map(({ name, count }) => `(SELECT count(*) FROM ${name}) = ${count}`),
  ];
  return `WITH ${ctes}\nSELECT 1 / (${conditions.join(" AND ")})::integer AS all_there, ${now} AS now_ms`;
}

/** @param first the number of the parameter that has the first column. */
function partOf({ bulk, once }: Sent, first: number) {
  const all = bulk.columns.names.split(", ").map((column, at) => {
    const type = bulk.columns.types[at];
    const isOnce = isSentOnce(once, at);
    return { column, isOnce, place: isOnce ? `$${first + at}::${type}` : `$${first + at}::${type}[]` };
  });
  const each = all.filter(({ isOnce }) => !isOnce);
  const arrays = each.map(({ place }) => place).join(", ");
  const names = each.map(({ column }) => column).join(", ");
  const from = each.length === 0 ? "" : `FROM unnest(${arrays}) AS sent (${names})`;
  const select = all.map(({ column, isOnce, place }) => (isOnce ? `${place} AS ${column}` : column)).join(", ");
  return {
    name: `write_${first}`,
    sql: bulk.sql(`(SELECT ${select} ${from}) AS new`),
    mayMiss: bulk.mayMiss,
    count: each[0] ? `cardinality(${each[0].place})` : "1",
  };
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
