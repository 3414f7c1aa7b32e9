import {
  DatabaseUnavailable,
  type Decision,
  type LedgerStore,
  OutcomeUnknown,
  type ReadSet,
  type Snapshot,
} from "@jifen/ledger";
import { afterConnectionLoss, connectionLoss, isDeadlock, isUniqueViolation } from "../../errors/failure.ts";
import { retryingDeadlocks } from "../../errors/retry.ts";
import { isEmptyWriteSet } from "../../ledger/snapshot-draft.ts";
import { findDue, lockAndRead, readAccounts, write } from "./ledger-rows.ts";
import type { Pool, PooledConnection } from "./pool.ts";

type Work<Result> = { readonly readSet: ReadSet; readonly decide: (snapshot: Snapshot) => Decision<Result> };

/** Two processes may open one account at the same time: the unique index refuses one, which then finds it open. */
const asksForRetry = (error: unknown): boolean => isDeadlock(error) || isUniqueViolation(error);

/**
 * The ledger on MySQL and MariaDB, where COMMIT goes through whatever became of the statements before it: so all of
 * them are answered before it is sent. Three flights: lock and read, write, COMMIT.
 * @param pools.commits connections with autocommit off: after a deadlock, by which the server undoes the transaction and
 * goes on with the statements behind it, nothing stays that was not committed in so many words.
 */
export function createMysqlLedgerStore(pools: { readonly commits: Pool; readonly reads: Pool }): LedgerStore {
  return {
    commit: (readSet, decide) => retryingDeadlocks(() => commitOnce(pools.commits, { readSet, decide }), asksForRetry),
    readAccounts: (accountIds) => readAccounts(pools.reads, accountIds).catch(afterConnectionLoss("nothing written")),
    findExpiredAccounts: (limit) => findDue(pools.reads, limit).catch(afterConnectionLoss("nothing written")),
  };
}

async function commitOnce<Result>(pool: Pool, { readSet, decide }: Work<Result>): Promise<Result> {
  const connection = await pool.getConnection().catch(afterConnectionLoss("nothing written"));
  try {
    const { writeSet, result } = decide(await lockAndRead(connection, readSet));
    if (isEmptyWriteSet(writeSet)) await connection.query("ROLLBACK");
    else await writeAndCommit(connection, writeSet);
    return result;
  } catch (error) {
    if (error instanceof OutcomeUnknown) {
      connection.discard();
      throw error;
    }
    // Whoever cannot even undo is not to be asked again.
    await connection.query("ROLLBACK").catch(() => connection.discard());
    if (connectionLoss(error) !== undefined) throw new DatabaseUnavailable("lost before COMMIT", { cause: error });
    throw error;
  } finally {
    connection.release();
  }
}

/** Of all that can be answered to COMMIT, or instead of sending it, these alone say that nothing was done. */
const undone = new Set([1205, 1213, 3101, 45013]);

async function writeAndCommit(connection: PooledConnection, writeSet: Decision<unknown>["writeSet"]): Promise<void> {
  await write(connection, writeSet);
  await connection.query("COMMIT").catch((cause: unknown) => {
    if (undone.has(Number((cause as { errno?: unknown }).errno))) throw cause;
    throw new OutcomeUnknown("COMMIT was sent and not answered", { cause });
  });
}
