import { resolve } from "node:path";
import {
  type MigrationConnection,
  type MigrationFolder,
  migrating,
  readSchemaState,
  runMigrations,
} from "../../schema/migrate.ts";
import type { Migrated } from "../../schema/migrated.ts";
import type { Schema, SchemaState } from "../../schema/schema-state.ts";
import { type Connection, connectReadOnly } from "./pool.ts";

/** A second process waits for the copy and the migrations of the first. */
const LOCK_TIMEOUT_MS = 120_000;

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

/** The migrations of a file, and how long it waits for the write lock before them. */
type SchemaOptions = { readonly folder?: MigrationFolder; readonly lockTimeoutMs?: number };

/** The schema of the file behind `connection`. */
export const schemaOf = (
  connection: Connection,
  { folder = "sqlite", lockTimeoutMs = LOCK_TIMEOUT_MS }: SchemaOptions = {},
) =>
  ({
    read: () => readSchema(connection, folder),
    migrate: () => migrating(() => migrateLocked(connection, folder, lockTimeoutMs)),
  }) satisfies Schema;

const readSchema = (connection: Connection, folder: MigrationFolder): Promise<SchemaState> =>
  readSchemaState(folder, migrationConnection(connection));

/**
 * Migrates under the write lock of the file: a second process waits, then has nothing to migrate. Copies an existing
 * database before the first change.
 */
async function migrateLocked(
  connection: Connection,
  folder: MigrationFolder,
  lockTimeoutMs: number,
): Promise<Migrated> {
  const busyTimeoutMs = connection.pragma("busy_timeout", { simple: true });
  connection.pragma(`busy_timeout = ${lockTimeoutMs}`);
  connection.exec("BEGIN IMMEDIATE");
  connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
  try {
    const { present, newest } = await readSchema(connection, folder);
    const copies = present > 0 && present < newest ? [backUp(connection.name, present)] : [];
    const migrated = await runMigrations(folder, migrationConnection(connection));
    connection.exec("COMMIT");
    return { ...migrated, copies };
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}

/**
 * Writes a full copy beside the file (https://www.sqlite.org/lang_vacuum.html#vacuum_with_an_into_clause), named after the
 * schema version and the time. Uses a second connection because VACUUM cannot run inside the transaction that holds the
 * lock; that transaction has not changed anything yet. @returns the path of the copy
 */
function backUp(path: string, version: number): string {
  const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const copy = resolve(`${path}.version-${version}.${time}.${process.pid}.copy`);
  const reader = connectReadOnly(path);
  try {
    reader.prepare("VACUUM INTO ?").run(copy);
  } finally {
    reader.close();
  }
  return copy;
}
