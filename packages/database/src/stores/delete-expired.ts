import type { Records } from "../records/records.ts";
import { grantDayOf } from "./grant-days.ts";

/** How many rows one statement deletes at most. */
const STEP = 1_000;

/** For how long what keys have granted in a day is kept: their entries are in the journal anyway. */
const GRANT_DAYS_KEPT = 90;

/** Deletes links, ended sessions and counters that have expired, and the sums of old days. */
export const createDeleteExpired =
  (records: Records) =>
  async (nowMs: number): Promise<void> => {
    for (const table of ["one_time_links", "ended_tokens", "counters"] as const) {
      await records.deleteInSteps(table, { expiresAtMs: { lt: nowMs } }, STEP);
    }
    await records.deleteInSteps("grant_days", { day: { lt: grantDayOf(nowMs) - GRANT_DAYS_KEPT } }, STEP);
  };
