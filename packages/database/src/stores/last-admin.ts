import { type UserId, userId } from "@jifen/core";
import type { RecordOperations, RecordTransaction } from "../records/records.ts";

/** Users who are admins by the settings, whatever role their rows have. */
export type AdminsBySettings = { readonly ids: readonly UserId[] };

const isAdmin = ({ ids }: AdminsBySettings) => ({
  deletedAtMs: null,
  suspendedAtMs: null,
  // The settings make no admin of a user whose password the owner of a service key can know.
  or: [{ role: "admin" }, { id: { in: ids }, claim: null }, { id: { in: ids }, claim: "open" }],
});

/**
 * The admins, in the order of their ids. Read before the transaction that locks them: MySQL shows a transaction the rows as
 * they are at its first read, which has to come after the locks.
 */
export const listAdmins = async (
  records: Pick<RecordOperations, "list">,
  bySettings: AdminsBySettings,
): Promise<readonly UserId[]> =>
  (await records.list("users", { where: isAdmin(bySettings), by: ["id"] })).map(({ id }) => userId(id));

/** The user who might no longer be an admin, and the admins to lock. */
type LastAdminQuestion = {
  readonly id: UserId;
  readonly admins: readonly UserId[];
  readonly bySettings: AdminsBySettings;
};

/**
 * Whether an admin is left when `id` no longer is one: another admin exists, or `id` is not an admin. Holds until the
 * transaction ends, because concurrent transactions that ask the same lock the same rows. The rows are locked in the order
 * of their ids, so that two transactions never wait for each other.
 */
export async function isAnAdminLeft(
  tx: Pick<RecordTransaction, "lock">,
  { id, admins, bySettings }: LastAdminQuestion,
): Promise<boolean> {
  const locked = new Set<string>();
  for (const admin of admins) {
    if (await tx.lock("users", { id: admin }, isAdmin(bySettings))) locked.add(admin);
  }
  return locked.size > 1 || !locked.has(id);
}
