import { invariant } from "@jifen/core";
import { DatabaseUnavailable, type Decision, OutcomeUnknown, type Snapshot } from "@jifen/ledger";
import pg from "pg";
import { connectionLoss } from "../../errors/failure.ts";
import { type DistinctReads, isEmptyWriteSet } from "../../ledger/snapshot-draft.ts";
import type { CachedAccounts } from "./account-cache.ts";
import type { DatabaseClock } from "./database-clock.ts";
import { readOptimistically, readPessimistically, writeOf } from "./ledger-rows.ts";
import { untilReplicated } from "./unreplicated-commit.ts";

/** What is to be committed. */
export type Work<Result> = { readonly names: DistinctReads; readonly decide: (snapshot: Snapshot) => Decision<Result> };

/** On what it is decided: on what is remembered and what else is read ahead, without locks; or once the accounts are locked. */
export type Way = {
  readonly takesLocks: boolean;
  readonly recalled: CachedAccounts | undefined;
  readonly clock: DatabaseClock;
};

/** What was read ahead did not fit together. */
export class Torn extends Error {
  override name = "Torn";
}

/**
 * One try, in one transaction.
 * @returns nothing when it was decided on what is remembered, and is only as true as that.
 * @throws Torn, or what the database says; then nothing was done. DatabaseUnavailable likewise; OutcomeUnknown.
 */
export async function attempt<Result>(
  pool: pg.Pool,
  work: Work<Result>,
  way: Way,
): Promise<Decision<Result> | undefined> {
  const client = await pool.connect().catch((cause: unknown) => {
    throw new DatabaseUnavailable("there is no connection to be had", { cause });
  });
  let failure: unknown;
  try {
    return await attemptOn(client, work, way);
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

async function attemptOn<Result>(
  client: pg.PoolClient,
  { names, decide }: Work<Result>,
  { takesLocks, recalled, clock }: Way,
): Promise<Decision<Result> | undefined> {
  const ahead = takesLocks ? undefined : await readOptimistically(client, names, recalled);
  const snapshot = ahead ?? (await readPessimistically(client, names));
  const isRecalled = ahead !== undefined && recalled !== undefined;
  if (!isRecalled) clock.heard(snapshot.nowMs);
  const decision = ahead ? decideAhead(decide, snapshot) : decide(snapshot);
  if (isRecalled && !decision.isVerifiedByWrite) return undefined;
  if (!isEmptyWriteSet(decision.writeSet)) {
    // What cannot be put into a statement is found out before anything is sent.
    const write = writeOf(decision.writeSet, snapshot, isRecalled ? snapshot.nowMs : undefined);
    clock.heard(ahead ? await writeAlone(client, write) : await writeAndCommit(client, write));
  } else {
    if (!ahead) await client.query("ROLLBACK");
    if (snapshot.executed.length > 0) await untilReplicated(client).catch(replayUnproven);
  }
  return decision;
}

/** What is read after the accounts may be newer than they are. Whatever a decision has against that, locks will tell. */
function decideAhead<Result>(decide: Work<Result>["decide"], snapshot: Snapshot): Decision<Result> {
  try {
    return decide(snapshot);
  } catch (cause) {
    throw new Torn("what was read ahead did not fit together", { cause });
  }
}

/**
 * Only the server itself can say so, in an answer to what commits, and no socket can; nor a server that is going away
 * (08, 57P) or panics because it could not write its log: what it did write may be there when it is back.
 */
const saysNothingWasDone = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.severity === "ERROR" && !/^(08|57P)/.test(error.code ?? "08");

const unanswered = (cause: unknown) => new OutcomeUnknown("COMMIT was sent and not answered", { cause });

/** What was found to be done before may have been committed by nobody but this server, which crashed or was told not to wait. */
function replayUnproven(cause: unknown): never {
  throw new OutcomeUnknown("what was found is not known to be on the standby", { cause });
}

type Said = pg.QueryResult<{ now_ms: string }>;

const timeIn = ({ rows }: Said): number => Number(rows[0]?.now_ms);

/**
 * A statement outside of a transaction is one, and committed before the server says that it is ready for the next one,
 * which is what the driver waits for (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY).
 * @returns the time by the database's clock.
 */
async function writeAlone(client: pg.PoolClient, write: pg.QueryConfig): Promise<number> {
  try {
    return timeIn(await client.query(write));
  } catch (error) {
    throw saysNothingWasDone(error) ? error : unanswered(error);
  }
}

/**
 * Writes and commits in one flight. When the write is refused, so is the COMMIT behind it: the server answers it by ROLLBACK.
 * @returns the time by the database's clock, when the write was answered.
 */
async function writeAndCommit(client: pg.PoolClient, write: pg.QueryConfig): Promise<number | undefined> {
  const [written, committed] = await Promise.allSettled([client.query(write) as Promise<Said>, client.query("COMMIT")]);
  if (committed.status === "rejected" && !saysNothingWasDone(committed.reason)) throw unanswered(committed.reason);
  // The server says COMMIT to a transaction in which nothing failed, whatever became of the answers before.
  if (committed.status === "fulfilled" && committed.value.command === "COMMIT") {
    return written.status === "fulfilled" ? timeIn(written.value) : undefined;
  }
  if (written.status === "rejected") throw written.reason;
  if (committed.status === "rejected") throw committed.reason;
  invariant(false, "the transaction was rolled back and nobody said why");
}
