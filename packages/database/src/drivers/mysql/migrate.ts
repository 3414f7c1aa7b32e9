import { createHash } from "node:crypto";
import { DatabaseUnavailable } from "@jifen/ledger";
import type { Connection } from "mariadb";
import { type MigrationConnection, migrating, readSchemaState, runMigrations } from "../../schema/migrate.ts";
import type { Migrated } from "../../schema/migrated.ts";
import type { Schema, SchemaState } from "../../schema/schema-state.ts";

/** How long to wait for another process that is migrating. */
const LOCK_SECONDS = 120;

/** Errors of a statement that has run before: the object exists already, or was dropped already. */
const alreadyApplied = new Set([1050, 1051, 1060, 1061, 1091, 1359, 1360, 1826, 3822]);

const migrationConnection = (connection: Connection, database: string): MigrationConnection => ({
  driver: "mysql",
  database,
  query: async (sql) => {
    const rows: unknown = await connection.query(sql);
    return { rows: Array.isArray(rows) ? rows : [] };
  },
  script: (sql) => runStatements(connection, sql),
});

/** The schema of `database` on the server behind `connection`. */
export const schemaOf = (connection: Connection, database: string) =>
  ({
    read: (): Promise<SchemaState> => readSchemaState("mysql", migrationConnection(connection, database)),
    migrate: () => migrating(() => migrateLocked(connection, database)),
  }) satisfies Schema;

/** Migrates under a named lock, which the server releases when the connection ends. */
async function migrateLocked(connection: Connection, database: string): Promise<Migrated> {
  // Locks are global to the server and their names are limited to 64 characters.
  const lock = `jifen ${createHash("sha1").update(database).digest("hex")}`;
  const [row] = await connection.query<{ is_acquired: number | null }[]>("SELECT GET_LOCK(?, ?) AS is_acquired", [
    lock,
    LOCK_SECONDS,
  ]);
  if (row?.is_acquired !== 1) throw new DatabaseUnavailable("another process has been migrating for too long");
  try {
    const migrated = await runMigrations("mysql", migrationConnection(connection, database));
    if (migrated.files.length > 0) await connection.query("DROP TABLE IF EXISTS jifen_migration_steps");
    return migrated;
  } finally {
    await connection.query("DO RELEASE_LOCK(?)", [lock]).catch(() => undefined);
  }
}

/** The statements of a file: each ends with a semicolon at the end of a line. */
const statementsOf = (sql: string): readonly string[] =>
  sql
    .replaceAll(/^\s*--.*$/gm, "")
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");

/**
 * Runs a file statement by statement. DDL commits implicitly, so the progress is stored in a table: after a crash the next
 * process continues with the statement that was interrupted, and an object that another application created under the same
 * name is never mistaken for ours.
 */
async function runStatements(connection: Connection, sql: string): Promise<void> {
  const file = createHash("md5").update(sql).digest("hex");
  const storeProgress = (step: number, isBegun: boolean) =>
    connection.query("REPLACE INTO jifen_migration_steps VALUES (?, ?, ?)", [file, step, isBegun]);
  await connection.query(
    "CREATE TABLE IF NOT EXISTS jifen_migration_steps (file char(32) PRIMARY KEY, step integer, is_begun boolean) ENGINE = InnoDB",
  );
  const [progress] = await connection.query<{ step: number; is_begun: number }[]>(
    "SELECT step, is_begun FROM jifen_migration_steps WHERE file = ?",
    [file],
  );
  for (const [step, statement] of statementsOf(sql).entries()) {
    if (progress && step < progress.step) continue;
    await storeProgress(step, true);
    try {
      await connection.query(statement);
    } catch (error) {
      // The process that began this statement may have ended before it stored the next step.
      const isInterrupted = progress?.step === step && progress.is_begun === 1;
      if (isInterrupted && alreadyApplied.has(Number((error as { errno?: unknown }).errno))) continue;
      // If this fails the step stays marked as begun, because the statement may have been applied.
      await storeProgress(step, false).catch(() => undefined);
      throw error;
    }
  }
}
