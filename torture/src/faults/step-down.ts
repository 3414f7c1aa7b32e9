import { setTimeout } from "node:timers/promises";
import { type Db, MongoClient, type MongoError } from "mongodb";

/** How long the old primary must not be elected again. */
const STEP_DOWN_SECONDS = 3;
const ELECTION_TIMEOUT_MS = 60_000;

/**
 * Makes the primary of the replica set behind `url` step down. Resolves when there is a primary again: another member, or
 * the same one in a set of one.
 * @throws Error when the user lacks the privilege
 */
export async function stepDown(url: string): Promise<void> {
  await onAdmin(url, (admin) =>
    admin
      .command({ replSetStepDown: STEP_DOWN_SECONDS, secondaryCatchUpPeriodSecs: STEP_DOWN_SECONDS - 1, force: true })
      .catch((error: MongoError) => {
        if (error.code === UNAUTHORIZED) throw new Error(missingRole, { cause: error });
        // A primary that steps down closes its connections, this one among them.
      }),
  );
  const end = Date.now() + ELECTION_TIMEOUT_MS;
  for (;;) {
    try {
      return await onAdmin(url, async (admin) => void (await admin.command({ ping: 1 })));
    } catch (error) {
      if (Date.now() > end) throw error;
      await setTimeout(100);
    }
  }
}

const UNAUTHORIZED = 13;
const missingRole =
  "the user needs the role clusterManager to make a primary step down: grantRolesToUser(user, ['clusterManager']) on admin";

/** Runs `work` on the primary's admin database. */
async function onAdmin<Result>(url: string, work: (admin: Db) => Promise<Result>): Promise<Result> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
  try {
    return await work(client.db("admin"));
  } finally {
    await client.close();
  }
}
