import type { UserId } from "@jifen/core";
import type { ClientSession, Document } from "mongodb";
import type { AdminsBySettings } from "../../../stores/last-admin.ts";
import { acquireLock } from "../lock-documents.ts";
import type { MongoConnection } from "../pool.ts";

/**
 * Whether somebody but `id` may do everything. Two who take that from each other at once change different documents and
 * would both find the other; so every such transaction changes one document that all of them share, and the second begins
 * again when the first is done.
 */
export async function isAnotherAdminLeft(
  connection: MongoConnection,
  session: ClientSession,
  { id, anyway }: AdminsBySettings & { readonly id: UserId },
): Promise<boolean> {
  await acquireLock(connection, session, "admins");
  const where = {
    _id: { $ne: id },
    deleted_at_ms: null,
    suspended_at_ms: null,
    $or: [{ role: "admin" }, { _id: { $in: anyway } }],
  };
  return (await connection.collection("users").findOne(where as Document, { session })) !== null;
}
