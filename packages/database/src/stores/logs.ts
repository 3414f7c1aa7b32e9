import { type UserId, userId } from "@jifen/core";
import type { Records } from "../records/records.ts";

/** One API call as its caller reported it. It is never changed. */
export type Log = {
  readonly userId: UserId;
  /** `log-` and a time-ordered id. */
  readonly id: string;
  /** null when the caller sent none. */
  readonly idempotencyKey: string | null;
  readonly action: string;
  /** JSON text. */
  readonly details: string;
  readonly success: boolean;
  /** The caller's clock. */
  readonly occurredAtMs: number;
  /** The server's clock. */
  readonly createdAtMs: number;
};

/** The log of calls. */
export type LogStore = {
  /**
   * Writes one log, once per idempotency key of a user.
   * @returns the log that is stored under the key: this one, or an earlier one.
   */
  create(log: Log): Promise<Log>;
};

/** Logs on any database. */
export const createLogStore = (records: Records): LogStore => ({
  create: async (log) => {
    const stored = await records.insertOnce("logs", log, ["userId", "idempotencyKey"]);
    return { ...stored, userId: userId(stored.userId) };
  },
});
