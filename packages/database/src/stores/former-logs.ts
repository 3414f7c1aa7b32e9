import { type UserId, userId } from "@jifen/core";
import type { Records } from "../records/records.ts";

/** A log as versions before `call_logs` stored it. */
export type FormerLog = {
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

/** The logs of earlier versions, until they are moved. Servers of these versions still write some during a rolling upgrade. */
export type FormerLogStore = {
  /** The log of a user under an idempotency key. */
  findByKey(userId: UserId, idempotencyKey: string): Promise<FormerLog | undefined>;
  /** At most `limit` logs. */
  list(limit: number): Promise<readonly FormerLog[]>;
  /** Removes logs that were moved. */
  remove(logs: readonly FormerLog[]): Promise<void>;
};

/** Logs of earlier versions on any database. */
export const createFormerLogStore = (records: Records): FormerLogStore => ({
  findByKey: async (id, idempotencyKey) => {
    const [stored] = await records.list("logs", { where: { userId: id, idempotencyKey }, limit: 1 });
    return stored && { ...stored, userId: userId(stored.userId) };
  },

  list: async (limit) => {
    const stored = await records.list("logs", { by: ["userId", "id"], limit });
    return stored.map((log) => ({ ...log, userId: userId(log.userId) }));
  },

  remove: async (logs) => {
    const users = new Set(logs.map((log) => log.userId));
    for (const user of users) {
      const ids = logs.filter((log) => log.userId === user).map(({ id }) => id);
      await records.delete("logs", { userId: user, id: { in: ids } });
    }
  },
});
