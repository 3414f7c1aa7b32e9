import { type Migrated, type MigrationConnection, migrate, schemaState } from "../../schema/migrate.ts";
import { checkSchema, type MigrationMode, type SchemaState } from "../../schema/schema-state.ts";
import { type Connection, connectToRead } from "./connection.ts";

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

/** Whoever comes second waits for a copy of everything and for the migrations. */
const LOCKED_WITHIN_MS = 120_000;

/**
 * Migrates under the file's write lock: a second process waits, then finds nothing to do.
 * Where there is something to lose, a copy of the file as it was stays beside it.
 */
export async function migrateSqlite(connection: Connection): Promise<Migrated> {
  const patienceMs = connection.pragma("busy_timeout", { simple: true });
  connection.pragma(`busy_timeout = ${LOCKED_WITHIN_MS}`);
  connection.exec("BEGIN IMMEDIATE");
  connection.pragma(`busy_timeout = ${patienceMs}`);
  try {
    const { present, newest } = await sqliteSchema(connection);
    if (present > 0 && present < newest) copyBeside(connection.name, present);
    const migrated = await migrate("sqlite", migrationConnection(connection));
    connection.exec("COMMIT");
    return migrated;
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}

/**
 * A whole file of its own (https://www.sqlite.org/lang_vacuum.html#vacuum_with_an_into_clause), named after the version and
 * the moment. By a connection of its own: whoever holds the lock is in a transaction, and has not changed anything yet.
 */
function copyBeside(path: string, version: number): void {
  const moment = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const reader = connectToRead(path);
  try {
    reader.prepare("VACUUM INTO ?").run(`${path}.version-${version}.${moment}.${process.pid}.copy`);
  } finally {
    reader.close();
  }
}
