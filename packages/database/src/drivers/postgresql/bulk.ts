import type pg from "pg";
import type { Columns } from "../../ledger/columns.ts";
import type { TableNames } from "./table-names.ts";

/** A statement that each connection prepares once, under its name. */
export type Prepared = { readonly name: string; readonly text: string };

/** One kind of write, for any number of rows. */
export type Bulk<Row> = {
  /** One letter: the name of a statement lists all its writes, and PostgreSQL limits names to 63 bytes. */
  readonly name: string;
  readonly columns: Columns<Row>;
  /** The statement. `rows` is the source of its rows: a table expression `new` with these columns. */
  readonly sql: (rows: string) => string;
  /** Whether it can match fewer rows than were sent. An insert either inserts all rows or fails. */
  readonly mayMiss: boolean;
};

/** A write with the values of its rows, column by column. */
export type FilledBulk = {
  readonly bulk: Bulk<never>;
  readonly columns: readonly (readonly unknown[])[];
  /** A bit mask of the columns that have the same value in every row. */
  readonly constant: number;
};

/** Inserts rows. */
export const insertInto = <Row>(name: string, table: string, columns: Columns<Row>): Bulk<Row> => ({
  name,
  columns,
  sql: (rows) => `INSERT INTO ${table} (${columns.names}) SELECT * FROM ${rows}`,
  mayMiss: false,
});

/**
 * Updates rows. The first columns, two or `options.keyColumns`, identify the row, the others are set.
 * @param options.where joins a row of the table, `old`, to each row that is sent, `new`
 */
export const updateOf = <Row>(
  name: string,
  columns: Columns<Row>,
  options: { readonly table: string; readonly where: string; readonly keyColumns?: number },
): Bulk<Row> => {
  const set = columns.names.split(", ").slice(options.keyColumns ?? 2);
  return {
    name,
    columns,
    sql: (rows) => `UPDATE ${options.table} AS old SET ${set.map((column) => `${column} = new.${column}`).join(", ")}
    FROM ${rows} WHERE ${options.where} RETURNING 1`,
    mayMiss: true,
  };
};

/** Selects the rows of a table by pairs of account and another column. */
export const selectByPairs = (
  tables: TableNames,
  { table, columns, by }: { readonly table: string; readonly columns: string; readonly by: string },
): Prepared => ({
  name: `${table}-by-${by}${tables.suffix}`,
  text: `SELECT ${columns
    .split(", ")
    .map((name) => `t.${name}`)
    .join(", ")}
    FROM unnest($1::text[], $2::text[]) AS pair (account_id, ${by})
    JOIN ${tables.of(table)} t ON t.account_id = pair.account_id AND t.${by} = pair.${by}`,
});

/** A write with its rows; an empty list when there are none. */
export function fillBulk<Row>(bulk: Bulk<Row>, rows: readonly Row[]): readonly FilledBulk[] {
  if (rows.length === 0) return [];
  const columns = bulk.columns.of.map((toValue) => rows.map(toValue));
  const isConstant = columns.map((column) => column.every((value) => value === column[0]));
  // Identical rows keep their arrays, which say how many they are: refusing duplicates is up to the database.
  const isCounted = rows.length === 1 || isConstant.includes(false);
  const constant = isCounted ? isConstant.reduce((bits, is, at) => (is ? bits | (1 << at) : bits), 0) : 0;
  return [{ bulk: bulk as unknown as Bulk<never>, columns, constant }];
}

/** The database's clock, epoch milliseconds. */
export const now = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/** SQLSTATE of a division by zero: the error of a write whose condition does not hold. */
export const DIVISION_BY_ZERO = "22012";

/** A connection keeps each prepared statement, so the number of variants is limited. */
const MAX_VARIANTS = 200;

/** A write, and a bit mask of the columns that are sent as one value instead of an array, because all rows have the same. */
type BulkVariant = Pick<FilledBulk, "bulk" | "columns"> & { readonly scalars: number };

const nameOf = (writes: readonly BulkVariant[]) =>
  `write-${writes.map(({ bulk, scalars }) => bulk.name + scalars.toString(36)).join(".")}`;

/**
 * Combines all writes in one statement. It divides by zero when a write matches fewer rows than were sent: then all writes
 * fail, and so does a COMMIT behind them.
 */
export type CombineWrites = (writes: readonly FilledBulk[]) => pg.QueryConfig;

/** Combines writes on these tables. */
export function createCombineWrites({ suffix, guard }: TableNames): CombineWrites {
  const texts = new Map<string, string>();
  return (writes) => {
    const compact = writes.map(({ bulk, columns, constant }) => ({ bulk, columns, scalars: constant }));
    const isCompact = texts.size < MAX_VARIANTS || texts.has(nameOf(compact));
    const variants = isCompact ? compact : compact.map((each) => ({ ...each, scalars: 0 }));
    const name = nameOf(variants);
    const text = texts.get(name) ?? textOf(variants, guard);
    texts.set(name, text);
    const values = variants.flatMap(({ columns, scalars }) =>
      columns.map((column, at) => (isScalarAt(scalars, at) ? column[0] : arrayLiteral(column))),
    );
    return { name: `${name}${suffix}`, text, values };
  };
}

const isScalarAt = (scalars: number, at: number): boolean => (scalars & (1 << at)) !== 0;

function textOf(writes: readonly BulkVariant[], guard: string | undefined): string {
  let parameters = 0;
  const parts = writes.map((write) => {
    const first = parameters + 1;
    parameters += write.columns.length;
    return partOf(write, first);
  });
  const ctes = parts.map(({ name, sql }) => `${name} AS (${sql})`).join(",\n");
  const conditions = [
    "true",
    ...parts.filter(({ mayMiss }) => mayMiss).map(({ name, count }) => `(SELECT count(*) FROM ${name}) = ${count}`),
  ];
  const guarded = guard === undefined ? "" : `, ${guard} AS is_guarded`;
  return `WITH ${ctes}\nSELECT 1 / (${conditions.join(" AND ")})::integer AS all_matched${guarded}`;
}

/** @param first the number of the parameter for the first column */
function partOf({ bulk, scalars }: BulkVariant, first: number) {
  const all = bulk.columns.names.split(", ").map((column, at) => {
    const type = bulk.columns.types[at];
    const isScalar = isScalarAt(scalars, at);
    return { column, isScalar, place: isScalar ? `$${first + at}::${type}` : `$${first + at}::${type}[]` };
  });
  const varying = all.filter(({ isScalar }) => !isScalar);
  const arrays = varying.map(({ place }) => place).join(", ");
  const names = varying.map(({ column }) => column).join(", ");
  const from = varying.length === 0 ? "" : `FROM unnest(${arrays}) AS sent (${names})`;
  const select = all.map(({ column, isScalar, place }) => (isScalar ? `${place} AS ${column}` : column)).join(", ");
  return {
    name: `write_${first}`,
    sql: bulk.sql(`(SELECT ${select} ${from}) AS new`),
    mayMiss: bulk.mayMiss,
    count: varying[0] ? `cardinality(${varying[0].place})` : "1",
  };
}

/**
 * An array in PostgreSQL's text format (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). The driver has the
 * same function but escapes every element, which takes a tenth of the time of a batch: most columns have nothing to escape.
 */
export function arrayLiteral(elements: readonly unknown[]): string {
  if (elements.every((element) => typeof element === "number")) return `{${elements.join(",")}}`;
  const arePlain = elements.every((element) => typeof element === "string") && !needsEscape(elements.join(""));
  return arePlain ? `{"${elements.join('","')}"}` : `{${elements.map(elementLiteral).join(",")}}`;
}

const needsEscape = (text: string): boolean => text.includes('"') || text.includes("\\");

function elementLiteral(element: unknown): string {
  if (element === null) return "NULL";
  if (typeof element !== "string") return String(element);
  return needsEscape(element) ? `"${element.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"` : `"${element}"`;
}
