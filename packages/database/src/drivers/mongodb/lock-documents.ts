import type { ClientSession } from "mongodb";
import type { Site } from "./connection.ts";
import { isUniqueViolation } from "./failure.ts";
import { Overtaken } from "./transaction.ts";

/** Changes one document that all share who do the like: of two at once, the second begins again when the first is done. */
export async function takeTurn(site: Site, session: ClientSession, name: string): Promise<void> {
  try {
    await site.collection("turns").updateOne({ _id: name }, { $inc: { taken: 1n } }, { upsert: true, session });
  } catch (error) {
    if (isUniqueViolation(error)) throw new Overtaken("somebody else had the first turn", { cause: error });
    throw error;
  }
}
