import { fileURLToPath } from "node:url";
import { escape as escapeGlob } from "glob";
import Postgrator from "postgrator";
import { type AppliedMigration, checkSchema, type SchemaState, schemaStateOf } from "./schema-state.ts";

/** A migration did not go through. The message names the file, what the database said, and whether anything was kept. */
export class MigrationFailed extends Error {
  override name = "MigrationFailed";
}

/** How to run SQL. */
export type MigrationConnection = {
  readonly driver: "sqlite3" | "pg" | "mysql";
  /** Where MySQL keeps the tables. */
  readonly database?: string;
  query(sql: string): Promise<{ rows: unknown[] }>;
  script(sql: string): Promise<void>;
};

/** What a migration did. */
export type Migrated = {
  readonly from: number;
  readonly to: number;
  /** The files, in the order in which they ran. */
  readonly files: readonly string[];
};

type Folder = "sqlite" | "postgresql" | "mysql";

/** Which migrations have run. */
const TABLE = "jifen_migrations";

const migrationsRoot = new URL("../../migrations/", import.meta.url);
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? "";

const createPostgrator = (folder: Folder, { driver, database, query, script }: MigrationConnection) =>
  new Postgrator({
    driver,
    ...(database === undefined ? {} : { database }),
    schemaTable: TABLE,
    migrationPattern: `${escapeGlob(fileURLToPath(new URL(folder, migrationsRoot)))}/*.sql`,
    newline: "LF",
    execQuery: query,
    execSqlScript: script,
  });

/** At which version the tables are. Changes nothing. */
export async function schemaState(folder: Folder, connection: MigrationConnection): Promise<SchemaState> {
  const postgrator = createPostgrator(folder, connection);
  const [newest, last] = [await postgrator.getMaxVersion(), await postgrator.getDatabaseVersion()];
  if (Number(last) === 0) return schemaStateOf(newest, []);
  const { rows } = await connection.query(`SELECT version, name FROM ${TABLE} WHERE version > 0`);
  const applied = (rows as AppliedMigration[]).map(({ version, name }) => ({ version: Number(version), name }));
  return schemaStateOf(newest, applied);
}

/**
 * Brings the tables up to date, each file once. The caller holds a lock and, where tables are changed in transactions, one
 * of those, which it rolls back when this throws.
 * @throws MigrationFailed, SchemaTooNew, ImportUnfinished
 */
export async function migrate(folder: Folder, connection: MigrationConnection): Promise<Migrated> {
  const state = await schemaState(folder, connection);
  const { present, newest } = state;
  if (state.is !== "older") checkSchema(state, "migrate");
  if (state.is === "expanded") return { from: present, to: present, files: [] };
  const postgrator = createPostgrator(folder, connection);
  let running = "";
  postgrator.on("migration-started", ({ filename }) => {
    running = nameOf(filename);
  });
  const applied = await postgrator.migrate().catch((error: Error) => {
    const kept = connection.driver === "mysql" ? "the next start goes on from there" : "nothing of it was kept";
    throw new MigrationFailed(`Migration ${running} failed, ${kept}: ${error.message}`, { cause: error });
  });
  return { from: present, to: newest, files: applied.map(({ filename }) => nameOf(filename)) };
}
