import { fileURLToPath } from "node:url";
import { DatabaseUnavailable } from "@jifen/ledger";
import { escape as escapeGlob } from "glob";
import Postgrator from "postgrator";
import type { Migrated } from "./migrated.ts";
import {
  type AppliedMigration,
  checkSchema,
  ImportUnfinished,
  type SchemaState,
  type SchemaSubject,
  SchemaTooNew,
  SchemaTooOld,
  schemaStateOf,
} from "./schema-state.ts";
import { UnusableDatabase } from "./unusable-database.ts";

/** A migration failed. The message names the file, the error of the database and whether a part of it was kept. */
export class MigrationFailed extends Error {
  override name = "MigrationFailed";
}

/** A connection that runs migrations. */
export type MigrationConnection = {
  readonly driver: "sqlite3" | "pg" | "mysql";
  /** The name of the database, for MySQL. */
  readonly database?: string;
  /** The schema of the tables, for PostgreSQL: others of the same database may have tables of the same names. */
  readonly schema?: string;
  query(sql: string): Promise<{ rows: unknown[] }>;
  script(sql: string): Promise<void>;
};

/** A folder of migrations. `sqlite-logs` has those of the file of the logs. */
export type MigrationFolder = "sqlite" | "sqlite-logs" | "postgresql" | "mysql";

/** What the migrations of a folder change, for messages; undefined for the database itself. */
export const subjectOf = (folder: MigrationFolder): SchemaSubject | undefined =>
  folder === "sqlite-logs" ? { en: "The file of the logs", zh: "日志文件" } : undefined;

/** The table of the migrations that have run. */
const TABLE = "jifen_migrations";

const migrationsRoot = new URL("../../migrations/", import.meta.url);
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? "";

const createPostgrator = (folder: MigrationFolder, { driver, database, schema, query, script }: MigrationConnection) =>
  new Postgrator({
    driver,
    ...(database === undefined ? {} : { database }),
    ...(schema === undefined ? {} : { currentSchema: schema }),
    schemaTable: TABLE,
    migrationPattern: `${escapeGlob(fileURLToPath(new URL(folder, migrationsRoot)))}/*.sql`,
    newline: "LF",
    execQuery: query,
    execSqlScript: script,
  });

/** Reads the version of the schema. Changes nothing. */
export async function readSchemaState(folder: MigrationFolder, connection: MigrationConnection): Promise<SchemaState> {
  const postgrator = createPostgrator(folder, connection);
  const [newest, last] = [await postgrator.getMaxVersion(), await postgrator.getDatabaseVersion()];
  if (Number(last) === 0) return schemaStateOf(newest, []);
  const { rows } = await connection.query(`SELECT version, name FROM ${TABLE} WHERE version > 0`);
  const applied = (rows as AppliedMigration[]).map(({ version, name }) => ({ version: Number(version), name }));
  return schemaStateOf(newest, applied);
}

/**
 * Runs each pending file once. The caller holds the migration lock and, where the database supports transactional DDL, a
 * transaction that it rolls back when this throws.
 * @throws MigrationFailed, SchemaTooNew, ImportUnfinished
 */
export async function runMigrations(folder: MigrationFolder, connection: MigrationConnection): Promise<Migrated> {
  const state = await readSchemaState(folder, connection);
  const { present, newest } = state;
  if (state.is !== "older") checkSchema(state, "migrate", subjectOf(folder));
  if (state.is === "expanded") return { from: present, to: present, files: [], copies: [] };
  const postgrator = createPostgrator(folder, connection);
  let running = `The first migration (table ${TABLE})`;
  postgrator.on("migration-started", ({ filename }) => {
    running = `Migration ${nameOf(filename)}`;
  });
  const applied = await postgrator.migrate().catch((error: Error) => {
    const kept = connection.driver === "mysql" ? "the next start continues from there" : "nothing of it was kept";
    throw new MigrationFailed(`${running} failed, ${kept}: ${error.message}`, { cause: error });
  });
  return { from: present, to: newest, files: applied.map(({ filename }) => nameOf(filename)), copies: [] };
}

const expected = [
  MigrationFailed,
  UnusableDatabase,
  SchemaTooNew,
  SchemaTooOld,
  ImportUnfinished,
  DatabaseUnavailable,
] as const;

/**
 * Runs the migration of a driver. Any error that is not expected becomes a failed migration: also one while it waits for
 * the lock, reads the version or writes a copy.
 * @throws MigrationFailed, SchemaTooNew, ImportUnfinished, DatabaseUnavailable
 */
export async function migrating(migrate: () => Promise<Migrated>): Promise<Migrated> {
  try {
    return await migrate();
  } catch (error) {
    if (expected.some((kind) => error instanceof kind)) throw error;
    throw new MigrationFailed(`The migration failed before its first file: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
