import type { UserId } from "@jifen/core";
import type { PrismaTransaction } from "./prisma.ts";

/** Those who are admins whatever their rows say. */
export type AdminsBySettings = { readonly anyway: readonly UserId[] };

const alive = { deletedAtMs: null, suspendedAtMs: null };

/**
 * Whether an admin is left when `id` no longer is one: another admin exists, or `id` is not an admin. Holds until the
 * transaction ends, because concurrent transactions that ask the same wait for the row locks. The rows are locked one by
 * one in the order of their ids, so that no two transactions deadlock.
 */
export async function isAnAdminLeft(tx: PrismaTransaction, id: UserId, { anyway }: AdminsBySettings): Promise<boolean> {
  const isAdmin = { ...alive, OR: [{ role: "admin" }, { id: { in: [...anyway] } }] };
  const rows = await tx.user.findMany({ select: { id: true }, where: isAdmin, orderBy: { id: "asc" } });
  const admins = new Set<string>();
  for (const row of rows) {
    // Changes nothing, but locks the row and reads its current state.
    const where = { AND: [isAdmin, { id: row.id }] };
    const { count } = await tx.user.updateMany({ where, data: { tokenVersion: { increment: 0 } } });
    if (count > 0) admins.add(row.id);
  }
  return admins.size > 1 || !admins.has(id);
}
