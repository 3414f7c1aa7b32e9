import type { ColumnValue, WriteSet } from "@jifen/ledger";
import type { Statement } from "better-sqlite3";
import { isUniqueViolation } from "../../errors/failure.ts";
import { conflictOf, type ExtraStatement, extraStatements } from "../../ledger/extra-statements.ts";
import type { Connection } from "./pool.ts";

/** SQLite has no booleans. */
const toParameter = (value: ColumnValue) => (typeof value === "boolean" ? Number(value) : value);

const sqlOf = (statement: ExtraStatement): string => {
  const { name: table } = statement.table;
  if (statement.kind === "insert") {
    const columns = statement.columns.map(({ name }) => name);
    return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
  }
  const set = statement.set.map(({ column }) => `${column.name} = ?`).join(", ");
  const where = [...statement.key, ...statement.expected].map(({ column }) => `${column.name} IS ?`).join(" AND ");
  return `UPDATE ${table} SET ${set} WHERE ${where}`;
};

/** The values of each execution of a statement: one for each row of an insert. */
const parametersOf = (statement: ExtraStatement): readonly (readonly ColumnValue[])[] =>
  statement.kind === "insert"
    ? statement.rows
    : [[...statement.set, ...statement.key, ...statement.expected].map(({ value }) => value)];

/**
 * Writes the extra rows and changes of a write set inside the open transaction. Keeps prepared statements.
 * @throws ExtraWriteConflict
 */
export function createExtraWriter(connection: Connection): (writeSet: WriteSet) => void {
  const prepared = new Map<string, Statement>();
  const prepare = (sql: string): Statement => {
    const statement = prepared.get(sql) ?? connection.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return (writeSet) => {
    for (const each of extraStatements(writeSet)) {
      const statement = prepare(sqlOf(each));
      for (const values of parametersOf(each)) {
        if (changesOf(each, () => statement.run(values.map(toParameter)).changes) !== 1) throw conflictOf(each);
      }
    }
  };
}

function changesOf(statement: ExtraStatement, run: () => number): number {
  try {
    return run();
  } catch (error) {
    throw isUniqueViolation(error) ? conflictOf(statement, error) : error;
  }
}
