import type { UserId } from "@jifen/core";
import type { ClientSession, Document } from "mongodb";
import type { AdminsAnyway } from "../../../stores/last-admin.ts";
import type { Site } from "../connection.ts";
import { takeTurn } from "../lock-documents.ts";

/**
 * Whether somebody but `id` may do everything. Two who take that from each other at once change different documents and
 * would both find the other; so every such transaction changes one document that all of them share, and the second begins
 * again when the first is done.
 */
export async function isAnotherAdminLeft(
  site: Site,
  session: ClientSession,
  { id, anyway }: AdminsAnyway & { readonly id: UserId },
): Promise<boolean> {
  await takeTurn(site, session, "admins");
  const where = {
    _id: { $ne: id },
    deleted_at_ms: null,
    suspended_at_ms: null,
    $or: [{ role: "admin" }, { _id: { $in: anyway } }],
  };
  return (await site.collection("users").findOne(where as Document, { session })) !== null;
}
