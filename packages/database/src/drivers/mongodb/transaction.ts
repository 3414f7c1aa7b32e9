import { setTimeout as sleep } from "node:timers/promises";
import { invariant } from "@jifen/core";
import { DatabaseUnavailable, isInfrastructureError, OutcomeUnknown } from "@jifen/ledger";
import { type ClientSession, MongoError, MongoErrorLabel, MongoServerError } from "mongodb";
import { durableWriteConcern, type MongoConnection } from "./connection.ts";
import { connectionLoss, isSnapshotUnavailable } from "./failure.ts";
import type { PendingCall } from "./in-flight.ts";

/** How long a transaction is begun again when somebody else was faster, or the wire broke before it was committed. */
const RETRY_WITHIN_MS = 5_000;
/** After how long whoever is first may be somebody who is gone. */
const SUSPICIOUS_AFTER_MS = 1_000;
/** How long a commit that was not answered is asked for. */
const SETTLE_WITHIN_MS = 5_000;

/** Another process changed what this one has read: begin again. */
export class WriteConflict extends Error {
  override name = "Overtaken";
}

/** The server undid everything, or never had it. A wire that breaks before the commit is of this kind: nobody will commit. */
const isTransient = (error: unknown): boolean =>
  error instanceof WriteConflict ||
  isSnapshotUnavailable(error) ||
  (error instanceof MongoError && error.hasErrorLabel(MongoErrorLabel.TransientTransactionError));

/**
 * Does `attempt` until nobody else was faster. MongoDB never waits for somebody else's transaction: who comes second is told
 * so at once. So whoever was told waits for a moment, longer each time, and by chance, so that two do not meet again.
 * @param wait nothing is begun again once it is over
 * @param whenDisturbedForLong does what may help, and never throws
 * @throws DatabaseUnavailable when others were always first, or nobody is there
 */
async function untilUndisturbed<Result>(
  wait: PendingCall,
  attempt: () => Promise<Result>,
  whenDisturbedForLong: () => Promise<void> = async () => undefined,
): Promise<Result> {
  const began = performance.now();
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) {
        if (connectionLoss(error) === undefined) throw error;
        throw new DatabaseUnavailable("the database cannot be reached", { cause: error });
      }
      const passedMs = performance.now() - began;
      if (wait.isOver || passedMs > RETRY_WITHIN_MS)
        throw new DatabaseUnavailable("others were always first", { cause: error });
      if (passedMs > SUSPICIOUS_AFTER_MS) await whenDisturbedForLong();
      await sleep(Math.random() * Math.min(100, 2 ** attempts));
    }
  }
}

/** Runs `work` in a transaction that sees one moment, and commits it to the journals of a majority; what `work` throws undoes it. */
export type Transact = <Result>(work: (session: ClientSession) => Promise<Result>) => Promise<Result>;

/**
 * Does `attempt`, which may read and then transact once, until nobody else was faster. A transaction whose wire broke may be
 * open on the server still, in everybody's way until its `transactionLifetimeLimitSeconds` are over. The next one of the same
 * session ends it, so such a session is not let go of: it is the first to be used again.
 * @throws DatabaseUnavailable, OutcomeUnknown, or what `attempt` throws
 */
export const retryWriteConflicts = <Result>(
  { client, orphanedSessions, abortOrphanedTransactions, inFlight }: MongoConnection,
  attempt: (transact: Transact) => Promise<Result>,
): Promise<Result> =>
  inFlight.until(async (wait) => {
    const session = orphanedSessions.pop() ?? client.startSession({ causalConsistency: false });
    let mayBeOpen = false;
    try {
      return await untilUndisturbed(
        wait,
        () => attempt((work) => transactOnce(session, wait, work)),
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
  wait: PendingCall,
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
    // Who waited was told that nothing was done.
    if (wait.isOver) throw new DatabaseUnavailable("it was given up before its commit");
  } catch (error) {
    await session.abortTransaction().catch(() => undefined);
    throw error;
  }
  await commit(session, wait);
  return result;
}

/**
 * Commits, and asks again until there is an answer: a transaction is committed once, however often one asks. Only the
 * server itself can say that it never was, and does so for good (NoSuchTransaction, which a majority knows).
 */
async function commit(session: ClientSession, wait: PendingCall): Promise<void> {
  const end = performance.now() + SETTLE_WITHIN_MS;
  wait.mayBeDone = true;
  for (;;) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      const isUndone =
        error instanceof MongoServerError && error.hasErrorLabel(MongoErrorLabel.TransientTransactionError);
      if (isUndone) {
        wait.mayBeDone = false;
        throw error;
      }
      if (wait.isOver || performance.now() > end)
        throw new OutcomeUnknown("the commit was sent and not answered", { cause: error });
      await sleep(50);
    }
  }
}

/**
 * What a question is asked with, to be answered as of one moment. The level is said with each: a collection's own would win
 * over the session's, and every answer be of another moment.
 */
export type SnapshotSession = { readonly session: ClientSession; readonly readConcern: { readonly level: "snapshot" } };

/** Whether the server has said as of when it answers in this session. The driver keeps that, and its types do not say so. */
const isOfOneMoment = (session: object): boolean => "snapshotTime" in session && session.snapshotTime !== undefined;

/** Lends `work` a moment: everything that is read with it is as of then. It only reads, and disturbs nobody. */
export const withSnapshot = <Result>(
  { client, inFlight }: MongoConnection,
  work: (moment: SnapshotSession) => Promise<Result>,
): Promise<Result> =>
  inFlight.until((wait) =>
    untilUndisturbed(wait, async () => {
      const session = client.startSession({ snapshot: true });
      try {
        const result = await work({ session, readConcern: { level: "snapshot" } });
        invariant(isOfOneMoment(session), "the database did not say as of when it has answered");
        return result;
      } finally {
        await session.endSession().catch(() => undefined);
      }
    }),
  );
