import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { afterConnectionLoss, connectionLoss } from "../../errors/failure.ts";
import type { Pool, PooledConnection } from "./pool.ts";

/**
 * Runs `work` on a connection with autocommit off. `work` ends with COMMIT or ROLLBACK; an error of it rolls back. It must
 * not end before every statement is answered: a late one would run in the next transaction.
 * @throws DatabaseUnavailable when nothing was committed, OutcomeUnknown, or what `work` throws
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (connection: PooledConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.getConnection().catch(afterConnectionLoss("nothing written"));
  try {
    return await work(connection);
  } catch (error) {
    if (error instanceof OutcomeUnknown) {
      connection.discard();
      throw error;
    }
    // A connection that cannot roll back must not return to the pool.
    await connection.query("ROLLBACK").catch(() => connection.discard());
    if (connectionLoss(error) !== undefined) throw new DatabaseUnavailable("nothing was committed", { cause: error });
    throw error;
  } finally {
    connection.release();
  }
}

/**
 * The only errors of COMMIT, or of the attempt to send it, that prove that nothing was written. 1290, 1792 and 1836: the
 * server became read-only in the middle of the transaction.
 */
const provesNoEffect = new Set([1205, 1213, 1290, 1792, 1836, 3101, 45013]);

/** Sends COMMIT, which succeeds even if statements before it failed. @throws OutcomeUnknown */
export async function commit(connection: PooledConnection): Promise<void> {
  await connection.query("COMMIT").catch((cause: unknown) => {
    if (provesNoEffect.has(Number((cause as { errno?: unknown }).errno))) throw cause;
    throw new OutcomeUnknown("COMMIT was sent and not answered", { cause });
  });
}
