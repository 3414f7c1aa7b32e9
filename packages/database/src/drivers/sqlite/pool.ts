import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseUnavailable } from "@jifen/ledger";
import Driver from "better-sqlite3";
import { pragmas } from "./durability.ts";
import { makeFolder } from "./make-folder.ts";

/** A connection to an SQLite file. */
export type Connection = Driver.Database;

const cannotBeOpened = (path: string, cause: unknown) =>
  new DatabaseUnavailable(`the database file ${path} cannot be opened`, { cause });

/**
 * Opens the file for reading and writing. Creates the file and its folder if they do not exist.
 * @throws DatabaseUnavailable when that is not possible, or when the file is no database
 */
export function connect(file: string): Connection {
  const path = resolve(file);
  let connection: Connection | undefined;
  try {
    makeFolder(dirname(path));
    connection = new Driver(path);
    connection.exec(pragmas);
    return connection;
  } catch (error) {
    connection?.close();
    throw cannotBeOpened(path, error);
  }
}

/** Opens an existing file for reading only. @throws DatabaseUnavailable when the file cannot be opened or is no database */
export function connectReadOnly(file: string): Connection {
  const path = resolve(file);
  let connection: Connection | undefined;
  try {
    connection = new Driver(path, { readonly: true, fileMustExist: true });
    connection.pragma("busy_timeout = 5000");
    // Reads the header: opening alone does not.
    connection.pragma("schema_version");
    return connection;
  } catch (error) {
    connection?.close();
    throw cannotBeOpened(path, error);
  }
}

/** The name of the file of the logs in a connection to the database file. */
export const LOG_FILE = "log_file";

/**
 * Opens the database file for reading only, together with the file of the logs. Their tables have different names.
 * @throws DatabaseUnavailable when one of them cannot be opened or is no database
 */
export function connectReadOnlyWithLogs(file: string, logFile: string): Connection {
  const connection = connectReadOnly(file);
  try {
    connection.prepare(`ATTACH ? AS ${LOG_FILE}`).run(logFile);
    connection.pragma(`${LOG_FILE}.schema_version`);
    return connection;
  } catch (error) {
    connection.close();
    throw cannotBeOpened(logFile, error);
  }
}

/** Opens the file for reading only, or an empty database in memory if the file does not exist. */
export const connectToInspect = (file: string): Connection =>
  existsSync(resolve(file)) ? connectReadOnly(file) : new Driver(":memory:");

/** Runs `work` on a connection of its own and closes it. */
export async function withConnection<Result>(
  connection: Connection,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}
