import type { Site } from "../connection.ts";
import { stored } from "../documents.ts";

/** Deletes what says nothing any more; see the SQL databases. */
export const createForgetExpired =
  (site: Site) =>
  async (nowMs: number): Promise<void> => {
    for (const name of ["one_time_links", "ended_tokens", "counters"]) {
      await site.writing(() => site.collection(name).deleteMany({ expires_at_ms: { $lt: stored(nowMs) } }));
    }
  };
