import type { Records } from "../records/records.ts";

/** How many rows one statement deletes at most. */
const STEP = 1_000;

/** Deletes links, ended sessions and counters that have expired. */
export const createDeleteExpired =
  (records: Records) =>
  async (nowMs: number): Promise<void> => {
    for (const table of ["one_time_links", "ended_tokens", "counters"] as const) {
      await records.deleteInSteps(table, { expiresAtMs: { lt: nowMs } }, STEP);
    }
  };
