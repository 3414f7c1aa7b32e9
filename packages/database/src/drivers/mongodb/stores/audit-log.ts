import type { ClientSession, Document } from "mongodb";
import type { AuditEvent, AuditLog } from "../../../stores/audit-log.ts";
import { fromFields, toFields } from "../documents.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";
import { retryWriteConflicts } from "../transaction.ts";

const toDocument = ({ id, ...event }: AuditEvent): Document => ({ _id: id, ...toFields(event) });

/** The audit log on MongoDB. */
export function createAuditLog(connection: MongoConnection): AuditLog {
  const events = connection.collection("audit_events");
  return {
    record: async (event) => {
      const { _id, ...fields } = toDocument(event);
      // One of the same id is left as it is; the answer comes when it is safe, whoever wrote it.
      await connection.writing(() => events.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true }));
    },

    list: async ({ fromMs, toMs, ...filter }, { limit, before }) => {
      const found = await connection.reading(() =>
        events
          .find(
            {
              ...toFields(filter),
              ...(before !== undefined && { _id: { $lt: before } }),
              at_ms: { $gte: fromMs ?? 0, ...(toMs !== undefined && { $lt: toMs }) },
            },
            queryLimits,
          )
          .sort({ _id: -1 })
          .limit(limit)
          .toArray(),
      );
      return found.map((event) => ({ ...fromFields<Omit<AuditEvent, "id">>(event), id: String(event._id) }));
    },
  };
}

/**
 * Changes something and writes down who did, both or neither.
 * @param change says whether there was anything to change; nothing is kept when there was not.
 */
export async function withAuditEvent(
  connection: MongoConnection,
  event: AuditEvent,
  change: (session: ClientSession) => Promise<boolean>,
): Promise<boolean> {
  const nothing = Symbol("nothing to change");
  try {
    await retryWriteConflicts(connection, (transact) =>
      transact(async (session) => {
        if (!(await change(session))) throw nothing;
        await connection.collection("audit_events").insertOne(toDocument(event), { session });
      }),
    );
    return true;
  } catch (error) {
    if (error === nothing) return false;
    throw error;
  }
}
