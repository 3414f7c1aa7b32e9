import { createHash } from "node:crypto";
import { DatabaseUnavailable } from "@jifen/ledger";
import type { Connection } from "mariadb";
import { type Migrated, type MigrationConnection, migrate, schemaState } from "../../schema/migrate.ts";
import type { SchemaState } from "../../schema/schema-state.ts";

/** How long another process may take that has begun before. */
const LOCK_SECONDS = 120;

/** What a statement says that has been run before: what it makes is there already, or what it drops is gone. */
const doneBefore = new Set([1050, 1051, 1060, 1061, 1091, 1359, 1360, 1826, 3822]);

const migrationConnection = (connection: Connection, database: string): MigrationConnection => ({
  driver: "mysql",
  database,
  query: async (sql) => {
    const rows: unknown = await connection.query(sql);
    return { rows: Array.isArray(rows) ? rows : [] };
  },
  script: (sql) => runSteps(connection, sql),
});

/** At which version the tables are. */
export const mysqlSchema = (connection: Connection, database: string): Promise<SchemaState> =>
  schemaState("mysql", migrationConnection(connection, database));

/** Brings the tables up to date, under a lock that ends with the connection. @throws as `migrate`, DatabaseUnavailable */
export async function migrateMysql(connection: Connection, database: string): Promise<Migrated> {
  // Locks belong to the whole server, and their names have an end.
  const lock = `jifen ${createHash("sha1").update(database).digest("hex")}`;
  const [got] = await connection.query<{ is_mine: number | null }[]>("SELECT GET_LOCK(?, ?) AS is_mine", [
    lock,
    LOCK_SECONDS,
  ]);
  if (got?.is_mine !== 1) throw new DatabaseUnavailable("another process has been migrating for too long");
  try {
    const migrated = await migrate("mysql", migrationConnection(connection, database));
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
 * Runs a file statement by statement. The server keeps each that changes tables as soon as it is done, so it is written
 * down where we are: a process that ended in the middle is followed by one that goes on from there, and what somebody
 * else has made under a name of ours is never taken for ours.
 */
async function runSteps(connection: Connection, sql: string): Promise<void> {
  const file = createHash("md5").update(sql).digest("hex");
  const note = (step: number, isBegun: boolean) =>
    connection.query("REPLACE INTO jifen_migration_steps VALUES (?, ?, ?)", [file, step, isBegun]);
  await connection.query(
    "CREATE TABLE IF NOT EXISTS jifen_migration_steps (file char(32) PRIMARY KEY, step integer, is_begun boolean) ENGINE = InnoDB",
  );
  const [at] = await connection.query<{ step: number; is_begun: number }[]>(
    "SELECT step, is_begun FROM jifen_migration_steps WHERE file = ?",
    [file],
  );
  for (const [step, statement] of statementsOf(sql).entries()) {
    if (at && step < at.step) continue;
    await note(step, true);
    try {
      await connection.query(statement);
    } catch (error) {
      // Whoever began it may have ended before it could go on to the next.
      const mayBeDone = at?.step === step && at.is_begun === 1;
      if (mayBeDone && doneBefore.has(Number((error as { errno?: unknown }).errno))) continue;
      // Left as begun where nobody can be told: it may have been done.
      await note(step, false).catch(() => undefined);
      throw error;
    }
  }
}
