import type { Database } from "@jifen/database";
import type { Job } from "../../jobs/job.ts";
import { moveFormerLogs } from "./move-former-logs.ts";

/** Whether logs are in partitions, which only a user with the right to migrate can make and drop. */
export const isPartitioned = ({ kind }: Pick<Database, "kind">): boolean => kind === "postgresql" || kind === "mysql";

/** Makes places for the logs of the next months every hour, where tables are partitioned by month. */
export const logMonthsJob = (database: Pick<Database, "logs">, nowMs: () => number): Job => ({
  name: "log months",
  intervalMs: 3_600_000,
  leaseMs: 60_000,
  runBatch: async () => {
    await database.logs.makePlaces(nowMs());
    return { isMore: false };
  },
});

/** Moves the logs of earlier versions, also those that a server of such a version still writes during a rolling upgrade. */
export const moveFormerLogsJob = (database: Pick<Database, "formerLogs" | "logs">, nowMs: () => number): Job => ({
  name: "move former logs",
  intervalMs: 60_000,
  leaseMs: 30_000,
  runBatch: async (signal) => ({ isMore: await moveFormerLogs(database, { nowMs, signal }) }),
});
