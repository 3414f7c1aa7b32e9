import Driver from "better-sqlite3";
import { writeProblemOf } from "../../errors/write-problem.ts";

/**
 * Whether another program has the file open. A connection of a write-ahead log keeps a shared lock on the file as long as it
 * is open, so that an exclusive one cannot be had. A file that cannot be opened is not in use: opening it says why.
 */
export function isInUse(file: string): boolean {
  let connection: Driver.Database | undefined;
  try {
    connection = new Driver(file, { fileMustExist: true });
    connection.pragma("busy_timeout = 0");
    connection.pragma("locking_mode = EXCLUSIVE");
    connection.prepare("SELECT count(*) FROM sqlite_schema").get();
    return false;
  } catch (error) {
    return writeProblemOf(error) === "locked";
  } finally {
    connection?.close();
  }
}
