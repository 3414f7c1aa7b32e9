import { afterConnectionLoss } from "../errors/failure.ts";
import type { Prisma } from "./prisma.ts";

/** Deletes what says nothing any more: links and counters whose time is over, and ended sessions that would have ended by now. */
export const createDeleteExpired =
  (prisma: Prisma) =>
  async (nowMs: number): Promise<void> => {
    const where = { expiresAtMs: { lt: BigInt(nowMs) } };
    try {
      await prisma.oneTimeLink.deleteMany({ where });
      await prisma.endedToken.deleteMany({ where });
      await prisma.counter.deleteMany({ where });
    } catch (error) {
      afterConnectionLoss("may be written")(error);
    }
  };
