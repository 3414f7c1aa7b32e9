import {
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
import { BEGIN, beginAndRead, findDue, readAccounts, readAhead, writeOf } from "./ledger-rows.ts";

/** Deadlock and serialization failure, which ask for another try. */
const retryable = new Set(["40P01", "40001"]);
const MAX_ATTEMPTS = 5;

/** How many commits take locks first, after one found that somebody else had changed an account meanwhile. */
const COMMITS_WITH_LOCKS = 64;

type Work<Result> = { readonly needs: Needs; readonly decide: (snapshot: Snapshot) => Decision<Result> };

/**
 * The ledger on PostgreSQL. Nobody else changes an account most of the time, so it is read without a lock, and written
 * on the condition that its row still has the number that was read: two flights, and nothing to undo when there is
 * nothing to write. When the condition fails, nothing was done, and the same is done with locks taken first; so are the
 * commits that follow, for a while, because where two processes meet once they will meet again.
 */
export function createPostgresqlLedgerStore(pool: pg.Pool): LedgerStore {
  let withLocks = 0;
  const commit: LedgerStore["commit"] = async (needs, decide) => {
    const work = { needs, decide };
    if (withLocks > 0) {
      withLocks -= 1;
      return retrying(() => commitOnce(pool, work, "locks"));
    }
    try {
      return await commitOnce(pool, work, "ahead");
    } catch (error) {
      if (!asksForRetry(error) && !wasOvertaken(error)) throw error;
      withLocks = COMMITS_WITH_LOCKS;
      return retrying(() => commitOnce(pool, work, "locks"));
    }
  };
  return {
    commit,
    readAccounts: (accountIds) => readAccounts(pool, accountIds).catch(afterConnectionLoss("nothing written")),
    findDue: (limit) => findDue(pool, limit).catch(afterConnectionLoss("nothing written")),
  };
}

/** What was read ahead did not fit together. */
class Torn extends Error {
  override name = "Torn";
}

/** What is read after the accounts may be newer than they are. Whatever a decision has against that, locks will tell. */
function decideAhead<Result>(decide: Work<Result>["decide"], snapshot: Snapshot): Decision<Result> {
  try {
    return decide(snapshot);
  } catch (cause) {
    throw new Torn("what was read ahead did not fit together", { cause });
  }
}

/** Or the write divided by zero: a row was not as it had been read. */
const wasOvertaken = (error: unknown): boolean =>
  error instanceof Torn || (error as { code?: unknown }).code === "22012";

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
  { needs, decide }: Work<Result>,
  how: "ahead" | "locks",
): Promise<Result> {
  const client = await pool.connect().catch((cause: unknown) => {
    throw new DatabaseUnavailable("there is no connection to be had", { cause });
  });
  let failure: unknown;
  try {
    const ahead = how === "ahead" ? await readAhead(client, needs) : undefined;
    const snapshot = ahead ?? (await beginAndRead(client, needs));
    const { changes, result } = ahead ? decideAhead(decide, snapshot) : decide(snapshot);
    // What cannot be put into a statement is found out before anything is sent.
    const write = changesNothing(changes) ? undefined : writeOf(changes, snapshot);
    if (write) await writeAndCommit(client, ahead ? [BEGIN, write] : [write]);
    else if (!ahead) await client.query("ROLLBACK");
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

/** Writes and commits in one flight. When the write is refused, so is the COMMIT behind it: the server answers it by ROLLBACK. */
async function writeAndCommit(client: pg.PoolClient, statements: readonly (string | pg.QueryConfig)[]): Promise<void> {
  const [written, committed] = await Promise.allSettled([
    Promise.all(statements.map((statement) => client.query(statement as string))),
    client.query("COMMIT"),
  ]);
  if (committed.status === "rejected" && !saysNothingWasDone(committed.reason)) {
    throw new OutcomeUnknown("COMMIT was sent and not answered", { cause: committed.reason });
  }
  // The server says COMMIT to a transaction in which nothing failed, whatever became of the answers before.
  if (committed.status === "fulfilled" && committed.value.command === "COMMIT") return;
  if (written.status === "rejected") throw written.reason;
  if (committed.status === "rejected") throw committed.reason;
  invariant(false, "the transaction was rolled back and nobody said why");
}
