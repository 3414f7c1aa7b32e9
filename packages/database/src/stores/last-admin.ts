import type { UserId } from "@jifen/core";
import type { RecordTransaction } from "../records/records.ts";

/** Users who are admins by the settings, whatever role their rows have. */
export type AdminsBySettings = { readonly ids: readonly UserId[] };

/**
 * Whether an admin is left when `id` no longer is one: another admin exists, or `id` is not an admin. Holds until the
 * transaction ends, because concurrent transactions that ask the same lock the same rows. The rows are locked in the order
 * of their ids, so that two transactions never wait for each other.
 */
export async function isAnAdminLeft(tx: RecordTransaction, id: UserId, { ids }: AdminsBySettings): Promise<boolean> {
  const isAdmin = { deletedAtMs: null, suspendedAtMs: null, or: [{ role: "admin" }, { id: { in: ids } }] };
  const admins = new Set<string>();
  for (const row of await tx.list("users", { where: isAdmin, by: ["id"] })) {
    if (await tx.lock("users", { id: row.id }, isAdmin)) admins.add(row.id);
  }
  return admins.size > 1 || !admins.has(id);
}
