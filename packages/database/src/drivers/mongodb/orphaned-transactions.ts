import { type MongoClient, ReadConcern } from "mongodb";

/** The application name of our connections on the server. */
export const APP_NAME = "jifen";

/** The statements of a transaction follow each other immediately: after this idle time its process is considered dead. */
const ORPHANED_AFTER_MS = 2_000;
/** The minimum time between two searches. */
const SEARCH_INTERVAL_MS = 1_000;

/**
 * A process that is killed inside a transaction leaves it open, and other transactions on the same accounts fail with write
 * conflicts until the server aborts it (`transactionLifetimeLimitSeconds`, 60). An uncommitted transaction has no effect,
 * so any process may abort it earlier. If its process is alive after all, that one receives an error and retries.
 * @returns a function that aborts the orphaned transactions of this database user. Every user has the right to do that for
 * its own sessions; if the server refuses, its own limit remains.
 */
export function createOrphanCleaner(client: MongoClient): () => Promise<void> {
  // The current operations of a server are not replicated data.
  const admin = client.db("admin", { readConcern: new ReadConcern("local") });
  let nextSearchAt = 0;
  const abortOrphans = async () => {
    const orphans = await admin
      .aggregate([
        { $currentOp: { allUsers: false, idleSessions: true } },
        {
          $match: {
            type: "idleSession",
            appName: APP_NAME,
            "transaction.timeInactiveMicros": { $gte: ORPHANED_AFTER_MS * 1_000 },
          },
        },
      ])
      .toArray();
    const killSessions = orphans.map(({ lsid }) => ({ id: lsid.id }));
    // An empty list would kill every session of this user.
    if (killSessions.length > 0) await admin.command({ killSessions });
  };
  return async () => {
    if (performance.now() < nextSearchAt) return;
    nextSearchAt = performance.now() + SEARCH_INTERVAL_MS;
    await abortOrphans().catch(() => undefined);
  };
}
