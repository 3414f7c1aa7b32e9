import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { afterConnectionLoss } from "../../errors/failure.ts";
import type { Connection } from "./pool.ts";

/**
 * Runs `work` between BEGIN IMMEDIATE and COMMIT. `work` is synchronous, so that no other code of this process runs inside
 * the transaction.
 * @throws DatabaseUnavailable when another process keeps the file locked, OutcomeUnknown when the disk failed during COMMIT
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
    return afterConnectionLoss("nothing written")(error);
  }
}

function commit(connection: Connection): void {
  try {
    connection.exec("COMMIT");
  } catch (error) {
    // While the transaction is still open, ROLLBACK undoes all of it. Otherwise only the file knows the outcome.
    if (connection.inTransaction)
      throw new DatabaseUnavailable("the database file cannot be written", { cause: error });
    throw new OutcomeUnknown("the database file could not be synchronised", { cause: error });
  }
}
