import type { UserId } from "@jifen/core";
import type { ClientSession, Document } from "mongodb";
import type { AdminsBySettings } from "../../../stores/last-admin.ts";
import { acquireLock } from "../lock-documents.ts";
import type { MongoConnection } from "../pool.ts";

/**
 * Whether an admin is left when `id` no longer is one: another admin exists, or `id` is not an admin. Two transactions
 * that demote each other's admin change different documents, so MongoDB detects no conflict; therefore every such
 * transaction changes one shared lock document, and the second is retried after the first.
 */
export async function isAnAdminLeft(
  connection: MongoConnection,
  session: ClientSession,
  { id, anyway }: AdminsBySettings & { readonly id: UserId },
): Promise<boolean> {
  await acquireLock(connection, session, "admins");
  const isAdmin = { deleted_at_ms: null, suspended_at_ms: null, $or: [{ role: "admin" }, { _id: { $in: anyway } }] };
  // One admin is enough to know unless it is `id`: then a second one is needed.
  const admins = await connection
    .collection("users")
    .find(isAdmin as Document, { session, projection: { _id: 1 }, limit: 2 })
    .toArray();
  const ids = admins.map(({ _id }) => `${_id}`);
  if (ids.length > 1) return true;
  return !ids.includes(id);
}
