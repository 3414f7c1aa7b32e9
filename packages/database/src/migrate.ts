import { fileURLToPath } from "node:url";
import { escape as escapeGlob } from "glob";
import Postgrator from "postgrator";

/** A migration did not go through; nothing of it was kept. The message names the file and what the database said. */
export class MigrationFailed extends Error {
  override name = "MigrationFailed";
}

/** The tables were made by a newer Jifen. */
export class SchemaTooNew extends Error {
  override name = "SchemaTooNew";
}

/** How to run SQL inside the transaction that holds the migration lock. */
export type MigrationConnection = {
  readonly driver: "sqlite3" | "pg";
  query(sql: string): Promise<{ rows: unknown[] }>;
  script(sql: string): Promise<void>;
};

const migrationsRoot = new URL("../migrations/", import.meta.url);

/**
 * Brings the tables up to date, each file once. The caller holds a lock and a transaction, and rolls back when this throws.
 * @returns the version the tables are at.
 * @throws MigrationFailed, SchemaTooNew
 */
export async function migrate(folder: "sqlite" | "postgresql", connection: MigrationConnection): Promise<number> {
  const postgrator = new Postgrator({
    driver: connection.driver,
    schemaTable: "jifen_migrations",
    migrationPattern: `${escapeGlob(fileURLToPath(new URL(folder, migrationsRoot)))}/*.sql`,
    newline: "LF",
    execQuery: connection.query,
    execSqlScript: connection.script,
  });
  const [newest, present] = [await postgrator.getMaxVersion(), await postgrator.getDatabaseVersion()];
  if (present > newest) {
    throw new SchemaTooNew(
      `The database is at schema version ${present}, this Jifen knows ${newest}: start the newer Jifen again, or restore the copy from before the upgrade.`,
    );
  }
  let running = "";
  postgrator.on("migration-started", (migration) => {
    running = migration.filename.split(/[\\/]/).at(-1) ?? "";
  });
  await postgrator.migrate().catch((error: Error) => {
    throw new MigrationFailed(`Migration ${running} failed, nothing of it was kept: ${error.message}`, {
      cause: error,
    });
  });
  return newest;
}
