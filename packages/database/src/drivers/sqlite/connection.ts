import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import Driver from "better-sqlite3";

/** A connection to an SQLite file. */
export type Connection = Driver.Database;

/**
 * What every connection needs to hear. Without synchronous=FULL a power cut can take back
 * an acknowledged commit (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export const pragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA busy_timeout = 5000;
`;

/** Opens the file, making it when it is not there. */
export function connect(path: string): Connection {
  const connection = new Driver(path);
  connection.exec(pragmas);
  return connection;
}

/** Opens the file, which is there, for reading only. @throws DatabaseUnavailable when it cannot be opened. */
export function connectToRead(path: string): Connection {
  try {
    const connection = new Driver(path, { readonly: true, fileMustExist: true });
    connection.pragma("busy_timeout = 5000");
    return connection;
  } catch (error) {
    throw new DatabaseUnavailable("the database file cannot be opened", { cause: error });
  }
}

/**
 * Runs `work` between BEGIN IMMEDIATE and COMMIT. `work` is synchronous, so nothing else of this
 * process can run in between.
 * @throws DatabaseUnavailable when another process keeps the file locked, OutcomeUnknown when COMMIT failed at the disk.
 */
export function inTransaction<Result>(connection: Connection, work: () => Result): Result {
  try {
    connection.exec("BEGIN IMMEDIATE");
  } catch (error) {
    throw new DatabaseUnavailable("another process keeps the database file locked", { cause: error });
  }
  try {
    const result = work();
    commit(connection);
    return result;
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    if (isAboutTheFile(error)) throw new DatabaseUnavailable("the database file cannot be used", { cause: error });
    throw error;
  }
}

/** A full disk, a disk that fails, a file that may only be read: no row is to blame. */
const isAboutTheFile = (error: unknown): boolean =>
  error instanceof Driver.SqliteError && /^SQLITE_(FULL|IOERR|READONLY|BUSY|NOMEM|CORRUPT)/.test(error.code);

function commit(connection: Connection): void {
  try {
    connection.exec("COMMIT");
  } catch (error) {
    // Still inside: SQLite undoes it all on ROLLBACK, so nothing happened. Otherwise the disk decides.
    if (connection.inTransaction)
      throw new DatabaseUnavailable("the database file cannot be written", { cause: error });
    throw new OutcomeUnknown("the database file could not be synchronised", { cause: error });
  }
}
