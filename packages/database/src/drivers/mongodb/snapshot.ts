import { invariant } from "@jifen/core";
import type { ClientSession } from "mongodb";
import type { MongoConnection } from "./pool.ts";
import { retryTransientErrors } from "./transaction.ts";

/**
 * The options of a snapshot read. Each read sends the read concern, because the read concern of a collection overrides that
 * of the session, and every read would then see another snapshot.
 */
export type SnapshotSession = { readonly session: ClientSession; readonly readConcern: { readonly level: "snapshot" } };

/** Whether the server has chosen a snapshot for this session. The driver stores it in a field that its types omit. */
const hasSnapshotTime = (session: object): boolean => "snapshotTime" in session && session.snapshotTime !== undefined;

/** Runs snapshot reads: all reads in `work` see the same state. They take no locks. */
export const withSnapshot = <Result>(
  { client, inFlight }: MongoConnection,
  work: (snapshot: SnapshotSession) => Promise<Result>,
): Promise<Result> =>
  inFlight.run((call) =>
    retryTransientErrors(call, async () => {
      const session = client.startSession({ snapshot: true });
      try {
        const result = await work({ session, readConcern: { level: "snapshot" } });
        invariant(hasSnapshotTime(session), "the database did not report the time of the snapshot");
        return result;
      } finally {
        await session.endSession().catch(() => undefined);
      }
    }),
  );
