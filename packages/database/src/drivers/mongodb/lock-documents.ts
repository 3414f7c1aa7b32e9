import type { ClientSession } from "mongodb";
import { isUniqueViolation } from "./failure.ts";
import type { MongoConnection } from "./pool.ts";
import { WriteConflict } from "./transaction.ts";

/**
 * Serialises transactions that acquire the same lock: each changes one shared document, so that of two concurrent ones the
 * second fails with a write conflict and is retried after the first has ended.
 */
export async function acquireLock(connection: MongoConnection, session: ClientSession, name: string): Promise<void> {
  try {
    await connection.collection("turns").updateOne({ _id: name }, { $inc: { taken: 1n } }, { upsert: true, session });
  } catch (error) {
    if (isUniqueViolation(error)) throw new WriteConflict("another transaction created the lock", { cause: error });
    throw error;
  }
}
