import type { Log, LogStore } from "../../../stores/logs.ts";
import { fromFields, toFields } from "../documents.ts";
import type { MongoConnection } from "../pool.ts";

/** Logs on MongoDB. */
export function createLogStore(connection: MongoConnection): LogStore {
  const logs = connection.collection("logs");
  return {
    create: async (log) => {
      const { id, ...fields } = toFields(log);
      const _id = { user_id: log.userId, id };
      if (log.idempotencyKey === null) {
        await connection.writing(() => logs.insertOne({ _id: _id, ...fields }));
        return log;
      }
      // Writes it where there is none under the key, and shows the one that is there then, as soon as it is safe.
      const { user_id, idempotency_key, ...rest } = fields;
      const there = await connection.writing(() =>
        logs.findOneAndUpdate(
          { user_id, idempotency_key },
          { $setOnInsert: { _id, ...rest } },
          { upsert: true, returnDocument: "after" },
        ),
      );
      if (!there) throw new Error("a log was written and not shown");
      return { ...fromFields<Omit<Log, "id">>(there), id: there._id.id };
    },
  };
}
