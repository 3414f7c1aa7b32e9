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

/** The tables are those of an older Jifen, or there are none, and nobody has said that they may be changed. */
export class SchemaTooOld extends Error {
  override name = "SchemaTooOld";
}

/** How to run SQL. */
export type MigrationConnection = {
  readonly driver: "sqlite3" | "pg";
  query(sql: string): Promise<{ rows: unknown[] }>;
  script(sql: string): Promise<void>;
};

/** At which version the tables are, and at which this Jifen wants them. 0 where there are none. */
export type SchemaState = { readonly present: number; readonly newest: number };

/** What a migration did. */
export type Migrated = {
  readonly from: number;
  readonly to: number;
  /** The files, in the order in which they ran. */
  readonly files: readonly string[];
};

/** Whether tables that are not up to date are brought there, or are a reason to stop. */
export type MigrationMode = "migrate" | "check";

type Folder = "sqlite" | "postgresql";

const migrationsRoot = new URL("../migrations/", import.meta.url);
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? "";

const createPostgrator = (folder: Folder, { driver, query, script }: MigrationConnection) =>
  new Postgrator({
    driver,
    schemaTable: "jifen_migrations",
    migrationPattern: `${escapeGlob(fileURLToPath(new URL(folder, migrationsRoot)))}/*.sql`,
    newline: "LF",
    execQuery: query,
    execSqlScript: script,
  });

/** At which version the tables are. Changes nothing. */
export async function schemaState(folder: Folder, connection: MigrationConnection): Promise<SchemaState> {
  const postgrator = createPostgrator(folder, connection);
  return { present: await postgrator.getDatabaseVersion(), newest: await postgrator.getMaxVersion() };
}

/**
 * Refuses tables that are not those of this Jifen.
 * @throws SchemaTooOld, SchemaTooNew
 */
export function checkSchema({ present, newest }: SchemaState): void {
  if (present > newest) throw tooNew(present, newest);
  if (present < newest) {
    throw new SchemaTooOld(
      `The database is at schema version ${present}, this Jifen needs ${newest}: run "jifen migrate" first, or start the server with AUTO_MIGRATE=on. 数据库结构版本为 ${present}，需要 ${newest}：请先运行 jifen migrate。`,
    );
  }
}

const tooNew = (present: number, newest: number) =>
  new SchemaTooNew(
    `The database is at schema version ${present}, this Jifen knows ${newest}: start the newer Jifen again, or restore the copy from before the upgrade.`,
  );

/**
 * Brings the tables up to date, each file once. The caller holds a lock and a transaction, and rolls back when this throws.
 * @throws MigrationFailed, SchemaTooNew
 */
export async function migrate(folder: Folder, connection: MigrationConnection): Promise<Migrated> {
  const postgrator = createPostgrator(folder, connection);
  const [newest, present] = [await postgrator.getMaxVersion(), await postgrator.getDatabaseVersion()];
  if (present > newest) throw tooNew(present, newest);
  let running = "";
  postgrator.on("migration-started", ({ filename }) => {
    running = nameOf(filename);
  });
  const applied = await postgrator.migrate().catch((error: Error) => {
    throw new MigrationFailed(`Migration ${running} failed, nothing of it was kept: ${error.message}`, {
      cause: error,
    });
  });
  return { from: present, to: newest, files: applied.map(({ filename }) => nameOf(filename)) };
}
