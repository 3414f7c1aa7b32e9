import type { WriteSet } from "@jifen/ledger";
import type { UpsertResult } from "mariadb";
import { isUniqueViolation } from "../../errors/failure.ts";
import { conflictOf, type ExtraStatement, extraStatements } from "../../ledger/extra-statements.ts";
import type { PooledConnection } from "./pool.ts";

type Sql = { readonly sql: string; readonly values: readonly unknown[] };

function toSql(statement: ExtraStatement): Sql {
  const { name: table } = statement.table;
  if (statement.kind === "insert") {
    const columns = statement.columns.map(({ name }) => name);
    const row = `(${columns.map(() => "?").join(", ")})`;
    const rows = statement.rows.map(() => row).join(", ");
    return { sql: `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${rows}`, values: statement.rows.flat() };
  }
  const set = statement.set.map(({ column }) => `${column.name} = ?`).join(", ");
  // <=> is equality in which NULL equals NULL.
  const where = [...statement.key, ...statement.expected].map(({ column }) => `${column.name} <=> ?`).join(" AND ");
  const values = [...statement.set, ...statement.key, ...statement.expected].map(({ value }) => value);
  return { sql: `UPDATE ${table} SET ${set} WHERE ${where}`, values };
}

/**
 * Writes the extra rows and changes of a write set, all in one round trip, as text: the driver keeps the order of text
 * statements. Waits for every answer even after a failure, because a late statement would run in the next transaction.
 * @throws ExtraWriteConflict
 */
export async function writeExtra(connection: PooledConnection, writeSet: WriteSet): Promise<void> {
  const results = await Promise.allSettled(
    extraStatements(writeSet).map(async (statement) => {
      const { sql, values } = toSql(statement);
      const { affectedRows } = await connection.query<UpsertResult>(sql, [...values]).catch((error: unknown) => {
        throw isUniqueViolation(error) ? conflictOf(statement, error) : error;
      });
      if (statement.kind === "update" && affectedRows !== 1) throw conflictOf(statement);
    }),
  );
  // The first failure counts: those behind it follow from it.
  for (const each of results) if (each.status === "rejected") throw each.reason;
}
