import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseUnavailable } from "@jifen/ledger";
import Driver from "better-sqlite3";
import { pragmas } from "./durability.ts";

/** A connection to an SQLite file. */
export type Connection = Driver.Database;

/** Opens the file for reading and writing. Creates the file and its folder if they do not exist. */
export function connect(file: string): Connection {
  const path = resolve(file);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const connection = new Driver(path);
  connection.exec(pragmas);
  return connection;
}

/** Opens an existing file for reading only. @throws DatabaseUnavailable when the file cannot be opened */
export function connectReadOnly(file: string): Connection {
  try {
    const connection = new Driver(resolve(file), { readonly: true, fileMustExist: true });
    connection.pragma("busy_timeout = 5000");
    return connection;
  } catch (error) {
    throw new DatabaseUnavailable("the database file cannot be opened", { cause: error });
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
