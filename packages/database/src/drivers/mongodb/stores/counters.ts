import type { CounterStore, StoredCount } from "../../../stores/counters.ts";
import { fromFields, stored } from "../documents.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";

/** Counters on MongoDB: each is one document that is changed where it is, so that every count counts. */
export function createCounterStore(connection: MongoConnection): CounterStore {
  const counters = connection.collection("counters");
  return {
    add: async (key, { nowMs, expiresAtMs }) => {
      const isOver = { $lte: [{ $ifNull: ["$expires_at_ms", stored(nowMs)] }, stored(nowMs)] };
      const ifOver = (then: unknown, otherwise: unknown) => ({ $cond: [isOver, then, otherwise] });
      const counted = await connection.writing(() =>
        counters.findOneAndUpdate(
          { _id: key },
          [
            {
              $set: {
                points: ifOver(1n, { $add: ["$points", 1n] }),
                expires_at_ms: ifOver(stored(expiresAtMs), "$expires_at_ms"),
              },
            },
          ],
          { upsert: true, returnDocument: "after" },
        ),
      );
      if (!counted) throw new Error("a counter was written and not shown");
      return fromFields<StoredCount>(counted);
    },

    find: async (key, nowMs) => {
      const found = await connection.reading(() =>
        counters.findOne({ _id: key, expires_at_ms: { $gt: stored(nowMs) } }, queryLimits),
      );
      return found ? fromFields<StoredCount>(found) : undefined;
    },

    remove: async (key) => {
      await connection.writing(() => counters.deleteOne({ _id: key }));
    },
  };
}
