import {
  type Changes,
  DatabaseUnavailable,
  type Decision,
  invariant,
  type LedgerStore,
  type Needs,
  OutcomeUnknown,
  type Snapshot,
} from "@jifen/ledger";
import pg from "pg";
import { afterConnectionLoss, connectionLoss, isUniqueViolation } from "../failure.ts";
import { changesNothing } from "../snapshot.ts";
import { beginAndRead, findDue, readAccounts, writesOf } from "./ledger-rows.ts";

/** Deadlock and serialization failure, which ask for another try. */
const retryable = new Set(["40P01", "40001"]);
const MAX_ATTEMPTS = 5;

/** The ledger on PostgreSQL, READ COMMITTED with locked account rows. */
export function createPostgresqlLedgerStore(pool: pg.Pool): LedgerStore {
  return {
    commit: (needs, decide) => retrying(() => commitOnce(pool, needs, decide)),
    readAccounts: (accountIds) => readAccounts(pool, accountIds).catch(afterConnectionLoss("nothing written")),
    findDue: (limit) => findDue(pool, limit).catch(afterConnectionLoss("nothing written")),
  };
}

/** Two processes may open one account at the same time: the unique index refuses one, which then finds it open. */
const asksForRetry = (error: unknown): boolean =>
  retryable.has(String((error as { code?: unknown }).code)) || isUniqueViolation(error);

async function retrying<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!asksForRetry(error)) throw error;
      if (attempts === MAX_ATTEMPTS) throw new DatabaseUnavailable("others were always first", { cause: error });
    }
  }
}

async function commitOnce<Result>(
  pool: pg.Pool,
  needs: Needs,
  decide: (snapshot: Snapshot) => Decision<Result>,
): Promise<Result> {
  const client = await pool.connect().catch((cause: unknown) => {
    throw new DatabaseUnavailable("there is no connection to be had", { cause });
  });
  let failure: unknown;
  try {
    const { changes, result } = decide(await beginAndRead(client, needs));
    await end(client, changes);
    return result;
  } catch (error) {
    failure = error;
    if (error instanceof OutcomeUnknown) throw error;
    if (connectionLoss(error) !== undefined) throw new DatabaseUnavailable("lost before COMMIT", { cause: error });
    await client.query("ROLLBACK").then(
      () => {
        failure = undefined;
      },
      () => undefined,
    );
    throw error;
  } finally {
    // A client that failed and could not roll back must not return to the pool.
    client.release(failure as Error | undefined);
  }
}

/**
 * Only the server itself can say so, in an answer to COMMIT, and no socket can; nor a server that is going away
 * (08, 57P) or panics because it could not write its log: what it did write may be there when it is back.
 */
const saysNothingWasDone = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.severity === "ERROR" && !/^(08|57P)/.test(error.code ?? "08");

/**
 * Writes and commits in one flight, or lets go of the locks when there is nothing to write. When a write is refused, so
 * is the COMMIT behind it: the server answers it by ROLLBACK.
 */
async function end(client: pg.PoolClient, changes: Changes): Promise<void> {
  if (changesNothing(changes)) {
    await client.query("ROLLBACK");
    return;
  }
  // What cannot be put into a statement is found out before anything is sent.
  const writes = writesOf(changes);
  const [written, committed] = await Promise.allSettled([
    Promise.all(writes.map((write) => client.query(write))),
    client.query("COMMIT"),
  ]);
  if (committed.status === "rejected" && !saysNothingWasDone(committed.reason)) {
    throw new OutcomeUnknown("COMMIT was sent and not answered", { cause: committed.reason });
  }
  if (written.status === "rejected") throw written.reason;
  if (committed.status === "rejected") throw committed.reason;
  invariant(committed.value.command === "COMMIT", "the transaction was rolled back and nobody said why");
}
