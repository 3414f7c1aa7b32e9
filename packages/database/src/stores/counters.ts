import { afterConnectionLoss } from "../errors/failure.ts";
import type { Prisma } from "./prisma.ts";

/** Where a counter stands, and when it begins anew. */
export type StoredCount = { readonly points: number; readonly expiresAtMs: number };

/** Counters that several processes share. Each begins anew when its time is over. */
export type CounterStore = {
  /** Counts one more: from one, until `expiresAtMs`, where there is nothing yet or its time is over. */
  add(key: string, time: { readonly nowMs: number; readonly expiresAtMs: number }): Promise<StoredCount>;
  /** undefined when there is nothing, or its time is over. */
  find(key: string, nowMs: number): Promise<StoredCount | undefined>;
  remove(key: string): Promise<void>;
};

type Row = { readonly points: bigint; readonly expires_at_ms: bigint };

/** Counters in SQL that knows ON CONFLICT and RETURNING: however many count at once, each is counted. */
export function createCounterStore(prisma: Prisma): CounterStore {
  return {
    add: async (key, { nowMs, expiresAtMs }) => {
      const [now, end] = [BigInt(nowMs), BigInt(expiresAtMs)];
      const [row] = await prisma.$queryRaw<[Row]>`
        INSERT INTO counters (key, points, expires_at_ms) VALUES (${key}, 1, ${end})
        ON CONFLICT (key) DO UPDATE SET
          points = CASE WHEN counters.expires_at_ms <= ${now} THEN 1 ELSE counters.points + 1 END,
          expires_at_ms = CASE WHEN counters.expires_at_ms <= ${now} THEN ${end} ELSE counters.expires_at_ms END
        RETURNING points, expires_at_ms`.catch(afterConnectionLoss("may be written"));
      return { points: Number(row.points), expiresAtMs: Number(row.expires_at_ms) };
    },

    find: async (key, nowMs) => {
      const row = await prisma.counter
        .findFirst({ where: { key, expiresAtMs: { gt: BigInt(nowMs) } } })
        .catch(afterConnectionLoss("nothing written"));
      return row ? { points: Number(row.points), expiresAtMs: Number(row.expiresAtMs) } : undefined;
    },

    remove: async (key) => {
      await prisma.counter.deleteMany({ where: { key } }).catch(afterConnectionLoss("may be written"));
    },
  };
}
