import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { afterConnectionLoss } from "../../errors/failure.ts";
import type { Connection } from "./pool.ts";

/**
 * Runs `work` between BEGIN IMMEDIATE and COMMIT. `work` is synchronous, so that no other code of this process runs inside
 * the transaction.
 * @throws DatabaseUnavailable when another process keeps the file locked, OutcomeUnknown when the disk failed during COMMIT
 */
export function inTransaction<Result>(connection: Connection, work: () => Result): Result {
  begin(connection);
  try {
    const result = work();
    commit(connection);
    return result;
  } catch (error) {
    return rollBack(connection, error);
  }
}

/** The same for asynchronous `work`, while which no other code uses the connection. @throws as `inTransaction` */
export async function inAsyncTransaction<Result>(connection: Connection, work: () => Promise<Result>): Promise<Result> {
  begin(connection);
  try {
    const result = await work();
    commit(connection);
    return result;
  } catch (error) {
    return rollBack(connection, error);
  }
}

function begin(connection: Connection): void {
  try {
    connection.exec("BEGIN IMMEDIATE");
  } catch (error) {
    throw new DatabaseUnavailable("another process keeps the database file locked", { cause: error });
  }
}

function rollBack(connection: Connection, error: unknown): never {
  if (connection.inTransaction) connection.exec("ROLLBACK");
  if (error instanceof OutcomeUnknown) throw error;
  return afterConnectionLoss("nothing written")(error);
}

function commit(connection: Connection): void {
  try {
    connection.exec("COMMIT");
  } catch (error) {
    // While the transaction is still open, ROLLBACK undoes all of it.
    if (connection.inTransaction)
      throw new DatabaseUnavailable("the database file cannot be written", { cause: error });
    // Without an answer of the disk, the next process that opens the file may find the transaction in its log.
    afterConnectionLoss("may be written")(error);
  }
}
