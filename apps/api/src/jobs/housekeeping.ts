import type { Database } from "@jifen/database";
import type { Job } from "./job.ts";

/** Deletes expired links, ended sessions and counters every hour. */
export const housekeepingJob = (database: Pick<Database, "deleteExpired">, nowMs: () => number): Job => ({
  name: "housekeeping",
  intervalMs: 3_600_000,
  leaseMs: 60_000,
  runBatch: async () => {
    await database.deleteExpired(nowMs());
    return { isMore: false };
  },
});
