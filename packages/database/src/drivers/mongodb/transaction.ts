import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseUnavailable, isInfrastructureError, OutcomeUnknown } from "@jifen/ledger";
import { type ClientSession, MongoError, MongoErrorLabel, MongoServerError } from "mongodb";
import { connectionLoss, isSnapshotUnavailable } from "./failure.ts";
import type { PendingCall } from "./in-flight.ts";
import { durableWriteConcern, type MongoConnection } from "./pool.ts";

/** How long a transaction is retried after write conflicts or a connection loss before COMMIT. */
const RETRY_TIMEOUT_MS = 5_000;
/** After this time the conflicting transaction may be an orphan of a dead process. */
const ORPHAN_SUSPECTED_AFTER_MS = 1_000;
/** How long a commit without an answer is retried. */
const COMMIT_TIMEOUT_MS = 5_000;

/** Another process changed what this transaction has read: the caller has to retry. */
export class WriteConflict extends Error {
  override name = "WriteConflict";
}

/** The server rolled the transaction back, or never received it. A connection loss before the commit is of this kind. */
const isTransient = (error: unknown): boolean =>
  error instanceof WriteConflict ||
  isSnapshotUnavailable(error) ||
  (error instanceof MongoError && error.hasErrorLabel(MongoErrorLabel.TransientTransactionError));

/**
 * Retries `attempt` after transient errors, with exponential backoff and jitter: MongoDB aborts a transaction immediately
 * on a write conflict and never waits for the other one.
 * @param call no retry starts once it is aborted
 * @param onLongConflict runs before retries that follow a long conflict; never throws
 * @throws DatabaseUnavailable after too many conflicts or without a server; whatever else `attempt` throws
 */
export async function retryTransientErrors<Result>(
  call: PendingCall,
  attempt: () => Promise<Result>,
  onLongConflict: () => Promise<void> = async () => undefined,
): Promise<Result> {
  const startedAt = performance.now();
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) {
        if (connectionLoss(error) === undefined) throw error;
        throw new DatabaseUnavailable("the database cannot be reached", { cause: error });
      }
      const elapsedMs = performance.now() - startedAt;
      if (call.isAborted || elapsedMs > RETRY_TIMEOUT_MS)
        throw new DatabaseUnavailable("too many write conflicts", { cause: error });
      if (elapsedMs > ORPHAN_SUSPECTED_AFTER_MS) await onLongConflict();
      await sleep(Math.random() * Math.min(100, 2 ** attempts));
    }
  }
}

/** Runs `work` in a snapshot transaction and commits it to the journals of a majority; an error of `work` rolls it back. */
export type Transact = <Result>(work: (session: ClientSession) => Promise<Result>) => Promise<Result>;

/**
 * Retries `attempt`, which may read and then run one transaction, after write conflicts. A transaction whose connection
 * broke may stay open on the server and block others until `transactionLifetimeLimitSeconds`. The next transaction of the
 * same session aborts it, so such a session is kept and used first.
 * @throws DatabaseUnavailable, OutcomeUnknown, or what `attempt` throws
 */
export const retryWriteConflicts = <Result>(
  { client, orphanedSessions, abortOrphanedTransactions, inFlight }: MongoConnection,
  attempt: (transact: Transact) => Promise<Result>,
): Promise<Result> =>
  inFlight.run(async (call) => {
    const session = orphanedSessions.pop() ?? client.startSession({ causalConsistency: false });
    let mayBeOpen = false;
    try {
      return await retryTransientErrors(
        call,
        () => attempt((work) => transactOnce(session, call, work)),
        abortOrphanedTransactions,
      );
    } catch (error) {
      mayBeOpen = isInfrastructureError(error);
      throw error;
    } finally {
      if (mayBeOpen) orphanedSessions.push(session);
      else await session.endSession().catch(() => undefined);
    }
  });

async function transactOnce<Result>(
  session: ClientSession,
  call: PendingCall,
  work: (session: ClientSession) => Promise<Result>,
): Promise<Result> {
  session.startTransaction({
    readConcern: { level: "snapshot" },
    writeConcern: durableWriteConcern,
    readPreference: "primary",
  });
  let result: Result;
  try {
    result = await work(session);
    // The caller has already received an error that promises that nothing was written.
    if (call.isAborted) throw new DatabaseUnavailable("the call was aborted before its commit");
  } catch (error) {
    await session.abortTransaction().catch(() => undefined);
    throw error;
  }
  await commit(session, call);
  return result;
}

/**
 * Commits, and retries the commit until it is answered: a transaction commits once, however often the command is sent.
 * Only the server can answer that it never committed (NoSuchTransaction, acknowledged by a majority), and that is final.
 */
async function commit(session: ClientSession, call: PendingCall): Promise<void> {
  const deadline = performance.now() + COMMIT_TIMEOUT_MS;
  call.mayBeWritten = true;
  for (;;) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      const isRolledBack =
        error instanceof MongoServerError && error.hasErrorLabel(MongoErrorLabel.TransientTransactionError);
      if (isRolledBack) {
        call.mayBeWritten = false;
        throw error;
      }
      if (call.isAborted || performance.now() > deadline)
        throw new OutcomeUnknown("the commit was sent and not answered", { cause: error });
      await sleep(50);
    }
  }
}
