import { realpathSync } from "node:fs";
import { format, parse, resolve } from "node:path";
import { DatabaseUnavailable } from "@jifen/ledger";
import { writeProblemOf } from "../../../errors/write-problem.ts";
import { subjectOf } from "../../../schema/migrate.ts";
import { checkSchema, type PrepareOptions, prepareSchema } from "../../../schema/schema-state.ts";
import { checkDurability } from "../durability.ts";
import { schemaOf } from "../migrate.ts";
import { type Connection, connect } from "../pool.ts";

/** The migrations of the file of the logs. */
export const LOG_FOLDER = "sqlite-logs";

/** How long the start waits for another process that migrates the file of the logs. */
const START_LOCK_TIMEOUT_MS = 5_000;

/**
 * The path of the file of the logs, which stands beside the database file: `jifen-logs.db` beside `jifen.db`. A symbolic
 * link counts as the file that it names.
 */
export function logFileOf(file: string): string {
  const { dir, name, ext } = parse(realPathOf(resolve(file)));
  return format({ dir, name: `${name}-logs`, ext });
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // A file that does not exist yet.
    return path;
  }
}

/** How to open the file of the logs. The mode `import` is the same as `migrate`: the mark of an unfinished import is in the database file alone. */
export type LogFileOptions = PrepareOptions & {
  readonly path: string;
  readonly lockTimeoutMs: number;
};

/**
 * Opens the file of the logs, and creates it if it does not exist. Migrates it, or checks its schema.
 * @throws UnsafeDatabaseSettings, MigrationFailed, SchemaTooNew, SchemaTooOld, DatabaseUnavailable
 */
export async function openLogFile({ path, lockTimeoutMs, ...prepare }: LogFileOptions): Promise<Connection> {
  const connection = connect(path);
  try {
    checkDurability(connection);
    const schema = schemaOf(connection, { folder: LOG_FOLDER, lockTimeoutMs });
    const state = await schema.read();
    // A current file is opened without its write lock, which another process may hold.
    if (state.is === "older" && prepare.mode !== "check") await prepareSchema(schema, { ...prepare, mode: "migrate" });
    else checkSchema(state, "check", subjectOf(LOG_FOLDER));
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Prepares the file of the logs at the start. A file that cannot be used at present, such as a locked one or one on a full
 * disk, is left to the first call that needs it: credits do not depend on it.
 * @throws UnsafeDatabaseSettings, MigrationFailed, SchemaTooNew, SchemaTooOld
 */
export async function prepareLogFile(path: string, prepare: PrepareOptions): Promise<void> {
  try {
    (await openLogFile({ path, ...prepare, lockTimeoutMs: START_LOCK_TIMEOUT_MS })).close();
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable) && writeProblemOf(error) === undefined) throw error;
  }
}
