import type { ClientSession } from "mongodb";
import type { MongoConnection } from "./connection.ts";
import { isUniqueViolation } from "./failure.ts";
import { WriteConflict } from "./transaction.ts";

/** Changes one document that all share who do the like: of two at once, the second begins again when the first is done. */
export async function acquireLock(connection: MongoConnection, session: ClientSession, name: string): Promise<void> {
  try {
    await connection.collection("turns").updateOne({ _id: name }, { $inc: { taken: 1n } }, { upsert: true, session });
  } catch (error) {
    if (isUniqueViolation(error)) throw new WriteConflict("somebody else had the first turn", { cause: error });
    throw error;
  }
}
