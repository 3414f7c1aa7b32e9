import { type UserId, userId } from "@jifen/core";
import type { Records } from "../records/records.ts";

/** One API call as its caller reported it. It is never changed. */
export type Log = {
  readonly userId: UserId;
  /** `log-` and a UUID of version 7, whose time is the one at which the log counts. */
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
  /** The log of a user under an idempotency key. */
  findByKey(userId: UserId, idempotencyKey: string): Promise<Log | undefined>;
};

/** Logs on any database. */
export const createLogStore = (records: Records): LogStore => ({
  create: async (log) => {
    const stored = await records.insertOnce("logs", log, ["userId", "idempotencyKey"]);
    return { ...stored, userId: userId(stored.userId) };
  },

  findByKey: async (id, idempotencyKey) => {
    const [stored] = await records.list("logs", { where: { userId: id, idempotencyKey }, limit: 1 });
    return stored && { ...stored, userId: userId(stored.userId) };
  },
});
