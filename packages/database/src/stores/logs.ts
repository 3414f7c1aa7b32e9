import type { UserId } from "@jifen/core";
import { afterConnectionLoss, isUniqueViolation } from "../errors/failure.ts";
import type { Prisma } from "./prisma.ts";

/** One call as its caller reported it. Never changed once written. */
export type Log = {
  readonly userId: UserId;
  /** `log-` and a time-ordered id. */
  readonly id: string;
  /** What the caller sent; null when nothing was sent. */
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
   * Writes one log, once per key.
   * @returns the log under the key: this one, or the one that was there before.
   */
  create(log: Log): Promise<Log>;
};

/** Logs through Prisma, on any SQL database. */
export function createLogStore(prisma: Prisma): LogStore {
  return {
    create: async (log) => {
      const data = { ...log, occurredAtMs: BigInt(log.occurredAtMs), createdAtMs: BigInt(log.createdAtMs) };
      try {
        await prisma.log.createMany({ data: [data] });
        return log;
      } catch (error) {
        if (log.idempotencyKey === null || !isUniqueViolation(error)) {
          return afterConnectionLoss("may be written")(error);
        }
        return executed(prisma, log.userId, log.idempotencyKey);
      }
    },
  };
}

async function executed(prisma: Prisma, userId: UserId, idempotencyKey: string): Promise<Log> {
  const row = await prisma.log
    .findUniqueOrThrow({ where: { userId_idempotencyKey: { userId, idempotencyKey } } })
    .catch(afterConnectionLoss("nothing written"));
  return { ...row, userId, occurredAtMs: Number(row.occurredAtMs), createdAtMs: Number(row.createdAtMs) };
}
