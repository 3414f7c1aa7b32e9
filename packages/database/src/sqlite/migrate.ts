import { type Migrated, type MigrationConnection, migrate, schemaState } from "../migrate.ts";
import { checkSchema, type MigrationMode, type SchemaState } from "../schema-state.ts";
import type { Connection } from "./connection.ts";

const migrationConnection = (connection: Connection): MigrationConnection => ({
  driver: "sqlite3",
  query: async (sql) => {
    const statement = connection.prepare(sql);
    if (statement.reader) return { rows: statement.all() };
    statement.run();
    return { rows: [] };
  },
  script: async (sql) => {
    connection.exec(sql);
  },
});

/** At which version the tables of a file are. */
export const sqliteSchema = (connection: Connection): Promise<SchemaState> =>
  schemaState("sqlite", migrationConnection(connection));

/** Brings the tables up to date, or looks whether they are. @throws MigrationFailed, SchemaTooNew, SchemaTooOld, ImportUnfinished */
export async function prepareSqlite(connection: Connection, mode: MigrationMode): Promise<void> {
  if (mode === "migrate") await migrateSqlite(connection);
  else checkSchema(await sqliteSchema(connection), mode);
}

/**
 * Migrates under the file's write lock: a second process waits, then finds nothing to do.
 * Where there is something to lose, a copy of the file as it was stays beside it.
 */
export async function migrateSqlite(connection: Connection): Promise<Migrated> {
  const { present, newest } = await sqliteSchema(connection);
  if (present > 0 && present < newest) copyBeside(connection, present);
  connection.exec("BEGIN IMMEDIATE");
  try {
    const migrated = await migrate("sqlite", migrationConnection(connection));
    connection.exec("COMMIT");
    return migrated;
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}

/** A whole file of its own (https://www.sqlite.org/lang_vacuum.html#vacuum_with_an_into_clause), named after the version and the moment. */
function copyBeside(connection: Connection, version: number): void {
  const moment = new Date().toISOString().replaceAll(/[:.]/g, "-");
  connection.prepare("VACUUM INTO ?").run(`${connection.name}.version-${version}.${moment}.${process.pid}.copy`);
}
