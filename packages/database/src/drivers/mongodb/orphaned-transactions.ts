import { type MongoClient, ReadConcern } from "mongodb";

/** What our connections are called on the server. */
export const APP_NAME = "jifen";

/** The statements of a transaction follow each other at once: one that has waited for its next for so long has nobody left. */
const ABANDONED_AFTER_MS = 2_000;
/** How often somebody who is in front of one looks. */
const LOOKS_EVERY_MS = 1_000;

/**
 * A process that is killed in the middle of a transaction leaves it open, and whoever changes the same accounts is told to
 * begin again, until the server ends it (`transactionLifetimeLimitSeconds`, 60). What was never committed had no effect, so
 * anybody may end it sooner: should its process be alive after all, it is told so, and begins again.
 * @returns what ends the transactions of this user that have nobody left. That takes no right that a user does not have; where
 * the server refuses all the same, its own limit remains.
 */
export function createOrphanCleaner(client: MongoClient): () => Promise<void> {
  // What a server does at the moment is not what a majority has.
  const admin = client.db("admin", { readConcern: new ReadConcern("local") });
  let looksAgainAt = 0;
  const end = async () => {
    const abandoned = await admin
      .aggregate([
        { $currentOp: { allUsers: false, idleSessions: true } },
        {
          $match: {
            type: "idleSession",
            appName: APP_NAME,
            "transaction.timeInactiveMicros": { $gte: ABANDONED_AFTER_MS * 1_000 },
          },
        },
      ])
      .toArray();
    const killSessions = abandoned.map(({ lsid }) => ({ id: lsid.id }));
    // Without a name it would end every session of this user.
    if (killSessions.length > 0) await admin.command({ killSessions });
  };
  return async () => {
    if (performance.now() < looksAgainAt) return;
    looksAgainAt = performance.now() + LOOKS_EVERY_MS;
    await end().catch(() => undefined);
  };
}
