import { setTimeout } from "node:timers/promises";
import { type Db, MongoClient, type MongoError } from "mongodb";

/** For how long it does not come back. */
const AWAY_SECONDS = 3;
/** For how long another primary is waited for. */
const ELECTED_WITHIN_MS = 60_000;

/**
 * Has the primary of the replica set behind `url` step down, and waits until there is a primary again: another member, or,
 * where there is none, the same one.
 * @throws Error when this user may not do that
 */
export async function stepDown(url: string): Promise<void> {
  await onAdmin(url, (admin) =>
    admin
      .command({ replSetStepDown: AWAY_SECONDS, secondaryCatchUpPeriodSecs: AWAY_SECONDS - 1, force: true })
      .catch((error: MongoError) => {
        if (error.code === UNAUTHORIZED) throw new Error(mayNot, { cause: error });
        // It ends connections as it goes, this one among them.
      }),
  );
  const end = Date.now() + ELECTED_WITHIN_MS;
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
const mayNot =
  "this user may not have a primary step down: grantRolesToUser(user, ['clusterManager']) on admin lets it";

/** The primary answers. */
async function onAdmin<Result>(url: string, work: (admin: Db) => Promise<Result>): Promise<Result> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
  try {
    return await work(client.db("admin"));
  } finally {
    await client.close();
  }
}
