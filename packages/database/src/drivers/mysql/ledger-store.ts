import { type Decision, ExtraWriteConflict, type LedgerStore, type ReadSet, type Snapshot } from "@jifen/ledger";
import { afterConnectionLoss, isDeadlock, isUniqueViolation } from "../../errors/failure.ts";
import { retryingDeadlocks } from "../../errors/retry.ts";
import { isEmptyWriteSet } from "../../ledger/snapshot-draft.ts";
import { commit, inTransaction } from "./commit.ts";
import { writeExtra } from "./extra-writes.ts";
import { findExpired, lockAndRead, readAccounts, write } from "./ledger-rows.ts";
import type { Pool, PooledConnection } from "./pool.ts";

type Work<Result> = { readonly readSet: ReadSet; readonly decide: (snapshot: Snapshot) => Decision<Result> };

/**
 * A unique violation of the ledger's own tables means that two processes opened one account concurrently: the next attempt
 * finds it open. One of an extra row is final.
 */
const isRetryable = (error: unknown): boolean =>
  !(error instanceof ExtraWriteConflict) && (isDeadlock(error) || isUniqueViolation(error));

/**
 * The ledger on MySQL and MariaDB, where COMMIT succeeds even if statements before it failed: so all of them are answered
 * before it is sent. Three round trips: lock and read, write, COMMIT. Extra writes are a fourth, before COMMIT.
 * @param pools.commits connections with autocommit off: after a deadlock the server rolls the transaction back and runs the
 * statements behind it, which must not commit by themselves
 */
export function createMysqlLedgerStore(pools: { readonly commits: Pool; readonly reads: Pool }): LedgerStore {
  return {
    commit: (readSet, decide) => retryingDeadlocks(() => commitOnce(pools.commits, { readSet, decide }), isRetryable),
    readAccounts: (accountIds) => readAccounts(pools.reads, accountIds).catch(afterConnectionLoss("nothing written")),
    findExpiredAccounts: (limit) => findExpired(pools.reads, limit).catch(afterConnectionLoss("nothing written")),
  };
}

const commitOnce = <Result>(pool: Pool, { readSet, decide }: Work<Result>): Promise<Result> =>
  inTransaction(pool, async (connection) => {
    const { writeSet, result } = decide(await lockAndRead(connection, readSet));
    if (isEmptyWriteSet(writeSet)) await connection.query("ROLLBACK");
    else await writeAndCommit(connection, writeSet);
    return result;
  });

async function writeAndCommit(connection: PooledConnection, writeSet: Decision<unknown>["writeSet"]): Promise<void> {
  await write(connection, writeSet);
  await writeExtra(connection, writeSet);
  await commit(connection);
}
