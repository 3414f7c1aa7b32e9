import { afterConnectionLoss } from "../errors/failure.ts";
import type { Records } from "../records/records.ts";
import type { Prisma } from "./prisma.ts";

/** The value of a counter, and when it starts again. */
export type StoredCount = { readonly points: number; readonly expiresAtMs: number };

/** Counters that several processes share. Each starts again when it has expired. */
export type CounterStore = {
  /** Adds `points`, or one: to nothing, until `expiresAtMs`, where there is no counter or it has expired at `nowMs`. */
  add(
    key: string,
    time: { readonly nowMs: number; readonly expiresAtMs: number },
    points?: number,
  ): Promise<StoredCount>;
  /** undefined when there is no counter, or it has expired at `nowMs` */
  find(key: string, nowMs: number): Promise<StoredCount | undefined>;
  remove(key: string): Promise<void>;
};

/** Counters on any database. `add` is one atomic statement of its own on each, so that every concurrent call is counted. */
export const createCounterStore = (records: Records, add: CounterStore["add"]): CounterStore => ({
  add,

  find: async (key, nowMs) => {
    const [found] = await records.list("counters", { where: { key, expiresAtMs: { gt: nowMs } }, limit: 1 });
    return found && { points: found.points, expiresAtMs: found.expiresAtMs };
  },

  remove: async (key) => {
    await records.delete("counters", { key });
  },
});

type Row = { readonly points: bigint; readonly expires_at_ms: bigint };

/** `add` in SQL that has ON CONFLICT and RETURNING. */
export const createAddCount =
  (prisma: Prisma): CounterStore["add"] =>
  async (key, { nowMs, expiresAtMs }, points = 1) => {
    const [now, end, added] = [BigInt(nowMs), BigInt(expiresAtMs), BigInt(points)];
    const [row] = await prisma.$queryRaw<[Row]>`
      INSERT INTO counters (key, points, expires_at_ms) VALUES (${key}, ${added}, ${end})
      ON CONFLICT (key) DO UPDATE SET
        points = CASE WHEN counters.expires_at_ms <= ${now} THEN ${added} ELSE counters.points + ${added} END,
        expires_at_ms = CASE WHEN counters.expires_at_ms <= ${now} THEN ${end} ELSE counters.expires_at_ms END
      RETURNING points, expires_at_ms`.catch(afterConnectionLoss("may be written"));
    return { points: Number(row.points), expiresAtMs: Number(row.expires_at_ms) };
  };
