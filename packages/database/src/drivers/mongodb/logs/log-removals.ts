import { userId } from "@jifen/core";
import { type Document, Long } from "mongodb";
import type { LogKey } from "../../../logs/call-log.ts";
import type { DetailsRange, LogMarkName, LogRemovals, RemovedDetails } from "../../../logs/log-removals.ts";
import { timeOfId } from "../../../logs/months.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";
import { idOfKey, idOfLog, withIds } from "./log-documents.ts";

/** How many logs one step removes. */
const STEP = 200;

/** Removals on MongoDB, in small steps: there are no partitions. */
export function createMongodbRemovals(connection: MongoConnection): LogRemovals {
  const [logs, keys] = [connection.collection("call_logs"), connection.collection("log_keys")];
  const marks = connection.collection("log_marks");
  return {
    removesMonths: false,
    readMarks: async () => {
      const found = await connection.reading(() => marks.find({}, queryLimits).toArray());
      return Object.fromEntries(found.map(({ _id, before_ms }) => [_id as LogMarkName, Number(before_ms)]));
    },
    moveMark: async (name, toMs) => {
      const change = { $max: { before_ms: Long.fromNumber(toMs) } };
      await connection.writing(() => marks.updateOne({ _id: name as never }, change, { upsert: true }));
    },
    removeLogs: async (beforeMs) => {
      const found = await connection.reading(() =>
        logs
          .find({ counted_at_ms: { $lt: beforeMs } }, { hint: "time", projection: { _id: 1 }, ...queryLimits })
          .sort({ counted_at_ms: 1, "_id.id": 1 })
          .limit(STEP)
          .toArray(),
      );
      if (found.length === 0) return { logs: 0, months: 0, isMore: false };
      const ids = withIds(found.map(({ _id }) => _id));
      const { deletedCount } = await connection.writing(() => logs.deleteMany(ids));
      return { logs: deletedCount, months: 0, isMore: found.length === STEP };
    },
    removeDetails: (range) => removeDetails(connection, range),
    listKeys: async (after, limit) => {
      const where = after === undefined ? {} : { _id: { $gt: idOfKey(after) } };
      const found = await connection.reading(() =>
        keys
          .find(where as Document, { hint: "_id_", ...queryLimits })
          .sort({ _id: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(toKey);
    },
    removeKeys: async ({ after, to, beforeId }) => {
      const _id = { ...(after !== undefined && { $gt: idOfKey(after) }), $lte: idOfKey(to) };
      const where: Document = { _id, log_id: { $lt: beforeId } };
      const { deletedCount } = await connection.writing(() => keys.deleteMany(where, { hint: "_id_" }));
      return deletedCount;
    },
    storedKeys: async (places) => {
      const where = withIds(places.map(idOfKey));
      return (await connection.reading(() => keys.find(where, { hint: "_id_", ...queryLimits }).toArray())).map(toKey);
    },
    releaseKeys: async (stale) => {
      for (const key of stale) {
        const where: Document = { _id: idOfKey(key), user_id: key.userId, log_id: key.logId };
        await connection.writing(() => keys.deleteOne(where));
      }
    },
  };
}

const toKey = ({ _id, log_id }: Document): LogKey => ({
  userId: userId(String(_id.user_id)),
  idempotencyKey: String(_id.idempotency_key),
  logId: String(log_id),
});

/** Finds where the step ends, then removes the details up to there: both read one range of an index. */
async function removeDetails(
  connection: MongoConnection,
  { userId: user, afterId, beforeId, limit }: DetailsRange,
): Promise<RemovedDetails> {
  const logs = connection.collection("call_logs");
  const rangeTo = (toId: string): Document =>
    user === undefined
      ? { counted_at_ms: { $gte: timeOfId(afterId), $lte: timeOfId(toId) }, "_id.id": { $gt: afterId, $lte: toId } }
      : {
          _id: { $gt: idOfLog({ userId: user, id: afterId }), $lte: idOfLog({ userId: user, id: toId }) },
          user_id: user,
        };
  const hint = user === undefined ? "time" : "_id_";
  const [end] = await connection.reading(() =>
    logs
      .find(rangeTo(beforeId), { hint, projection: { _id: 1 }, ...queryLimits })
      .sort(user === undefined ? { counted_at_ms: 1, "_id.id": 1 } : { _id: 1 })
      .skip(limit - 1)
      .limit(1)
      .toArray(),
  );
  const lastId = end && String(end["_id"].id);
  const where: Document = { ...rangeTo(lastId ?? beforeId), details: { $ne: null } };
  const { modifiedCount } = await connection.writing(() =>
    logs.updateMany(where, { $set: { details: null } }, { hint }),
  );
  return { details: modifiedCount, lastId };
}
