import { afterConnectionLoss } from "../../errors/failure.ts";
import { retryingDeadlocks } from "../../errors/retry.ts";
import type { CounterStore } from "../../stores/counters.ts";
import type { Prisma } from "../../stores/prisma.ts";

type Row = { readonly points: bigint; readonly expires_at_ms: bigint };

/** `add` where an INSERT does not return the row: the same transaction reads it, while the row is locked. */
export const createMysqlAddCount =
  (prisma: Prisma): CounterStore["add"] =>
  async (key, { nowMs, expiresAtMs }, points = 1) => {
    const [now, end, added] = [BigInt(nowMs), BigInt(expiresAtMs), BigInt(points)];
    // Assignments run from left to right: the points are set while the old expiry is still there.
    const count = () =>
      prisma.$transaction([
        prisma.$executeRaw`
          INSERT INTO counters (\`key\`, points, expires_at_ms) VALUES (${key}, ${added}, ${end})
          ON DUPLICATE KEY UPDATE points = IF(expires_at_ms <= ${now}, ${added}, points + ${added}),
            expires_at_ms = IF(expires_at_ms <= ${now}, ${end}, expires_at_ms)`,
        prisma.$queryRaw<[Row]>`SELECT points, expires_at_ms FROM counters WHERE \`key\` = ${key}`,
      ]);
    const [, [row]] = await retryingDeadlocks(count).catch(afterConnectionLoss("may be written"));
    return { points: Number(row.points), expiresAtMs: Number(row.expires_at_ms) };
  };
