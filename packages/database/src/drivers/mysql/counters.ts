import { afterConnectionLoss } from "../../errors/failure.ts";
import { retryingDeadlocks } from "../../errors/retry.ts";
import { type CounterStore, createCounterStore } from "../../stores/counters.ts";
import type { Prisma } from "../../stores/prisma.ts";

type Row = { readonly points: bigint; readonly expires_at_ms: bigint };

/** Counters where an INSERT does not tell what it has made: it is looked at before anybody else can count. */
export const createMysqlCounterStore = (prisma: Prisma): CounterStore => ({
  ...createCounterStore(prisma),
  add: async (key, { nowMs, expiresAtMs }) => {
    const [now, end] = [BigInt(nowMs), BigInt(expiresAtMs)];
    // From left to right: the points are still told by the old end.
    const count = () =>
      prisma.$transaction([
        prisma.$executeRaw`
          INSERT INTO counters (\`key\`, points, expires_at_ms) VALUES (${key}, 1, ${end})
          ON DUPLICATE KEY UPDATE points = IF(expires_at_ms <= ${now}, 1, points + 1),
            expires_at_ms = IF(expires_at_ms <= ${now}, ${end}, expires_at_ms)`,
        prisma.$queryRaw<[Row]>`SELECT points, expires_at_ms FROM counters WHERE \`key\` = ${key}`,
      ]);
    const [, [row]] = await retryingDeadlocks(count).catch(afterConnectionLoss("may be written"));
    return { points: Number(row.points), expiresAtMs: Number(row.expires_at_ms) };
  },
});
