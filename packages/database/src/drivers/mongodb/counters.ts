import type { CounterStore } from "../../stores/counters.ts";
import { stored } from "./documents.ts";
import type { MongoConnection } from "./pool.ts";

/** `add` as an update of one document, which is atomic. */
export const createMongodbAddCount =
  (connection: MongoConnection): CounterStore["add"] =>
  async (key, { nowMs, expiresAtMs }, points = 1) => {
    const isExpired = { $lte: [{ $ifNull: ["$expires_at_ms", stored(nowMs)] }, stored(nowMs)] };
    const ifExpired = (then: unknown, otherwise: unknown) => ({ $cond: [isExpired, then, otherwise] });
    const fields = {
      points: ifExpired(BigInt(points), { $add: ["$points", BigInt(points)] }),
      expires_at_ms: ifExpired(stored(expiresAtMs), "$expires_at_ms"),
    };
    const counted = await connection.writing(() =>
      connection
        .collection("counters")
        .findOneAndUpdate({ _id: key }, [{ $set: fields }], { upsert: true, returnDocument: "after" }),
    );
    if (!counted) throw new Error("a counter was written and not returned");
    return { points: Number(counted["points"]), expiresAtMs: Number(counted["expires_at_ms"]) };
  };
