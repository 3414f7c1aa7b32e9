import type { WriteSet } from "@jifen/ledger";
import type pg from "pg";
import { isUniqueViolation } from "../../errors/failure.ts";
import {
  conflictOf,
  type ExtraInsert,
  type ExtraStatement,
  type ExtraUpdate,
  extraStatements,
} from "../../ledger/extra-statements.ts";
import { arrayLiteral, DIVISION_BY_ZERO } from "./bulk.ts";
import type { ExtraInserts } from "./table-names.ts";

/** A query of the extra writes, and the error for the caller when the server refuses it. */
export type ExtraQuery = { readonly query: pg.QueryConfig; readonly toError: (error: unknown) => unknown };

/** The name of each prepared statement. Its text depends on the table and the columns, never on the values. */
const statementNames = new Map<string, string>();

function prepared(text: string, values: readonly unknown[]): pg.QueryConfig {
  const name = statementNames.get(text) ?? `extra-write-${statementNames.size}`;
  statementNames.set(text, name);
  return { name, text, values: [...values] };
}

function insertQuery({ table, columns, rows }: ExtraInsert, inserts: ExtraInserts): pg.QueryConfig {
  if (inserts === "values") return insertValues({ table, columns, rows });
  const names = columns.map(({ name }) => name).join(", ");
  const arrays = columns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(", ");
  const values = columns.map((_, at) => arrayLiteral(rows.map((row) => row[at] ?? null)));
  return prepared(`INSERT INTO ${table.name} (${names}) SELECT * FROM unnest(${arrays})`, values);
}

function insertValues({ table, columns, rows }: Omit<ExtraInsert, "kind">): pg.QueryConfig {
  const names = columns.map(({ name }) => name).join(", ");
  const places = rows.map(
    (_, row) => `(${columns.map(({ type }, at) => `$${row * columns.length + at + 1}::${type}`).join(", ")})`,
  );
  return { text: `INSERT INTO ${table.name} (${names}) VALUES ${places.join(", ")}`, values: rows.flat() };
}

/** Divides by zero when no row matches, so that the COMMIT behind it is refused as well. */
function updateQuery({ table, key, expected, set }: ExtraUpdate): pg.QueryConfig {
  const cells = [...set, ...key, ...expected];
  const places = cells.map(({ column }, at) => `$${at + 1}::${column.type}`);
  const assignments = set.map(({ column }, at) => `${column.name} = ${places[at]}`);
  const keys = key.map(({ column }, at) => `${column.name} = ${places[set.length + at]}`);
  const conditions = expected.map(
    ({ column }, at) => `${column.name} IS NOT DISTINCT FROM ${places[set.length + key.length + at]}`,
  );
  const text = `WITH changed AS (UPDATE ${table.name} SET ${assignments.join(", ")}
    WHERE ${[...keys, ...conditions].join(" AND ")} RETURNING 1) SELECT 1 / count(*) AS is_changed FROM changed`;
  return prepared(
    text,
    cells.map(({ value }) => value),
  );
}

/** Whether the server refused the statement because of the row, and not because of anything else. */
const isConflict = ({ kind }: ExtraStatement, error: unknown): boolean =>
  kind === "insert" ? isUniqueViolation(error) : (error as { code?: unknown }).code === DIVISION_BY_ZERO;

/** The queries of the extra writes of a write set, in their order. */
export const extraQueries = (writeSet: WriteSet, inserts: ExtraInserts): readonly ExtraQuery[] =>
  extraStatements(writeSet).map((statement) => ({
    query: statement.kind === "insert" ? insertQuery(statement, inserts) : updateQuery(statement),
    toError: (error) => (isConflict(statement, error) ? conflictOf(statement, error) : error),
  }));
