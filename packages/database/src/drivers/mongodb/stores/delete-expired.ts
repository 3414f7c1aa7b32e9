import { stored } from "../documents.ts";
import type { MongoConnection } from "../pool.ts";

/** Deletes what says nothing any more; see the SQL databases. */
export const createDeleteExpired =
  (connection: MongoConnection) =>
  async (nowMs: number): Promise<void> => {
    for (const name of ["one_time_links", "ended_tokens", "counters"]) {
      await connection.writing(() => connection.collection(name).deleteMany({ expires_at_ms: { $lt: stored(nowMs) } }));
    }
  };
