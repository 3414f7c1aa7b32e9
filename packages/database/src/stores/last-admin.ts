import type { UserId } from "@jifen/core";
import type { PrismaTransaction } from "./prisma.ts";

/** Those who are admins whatever their rows say. */
export type AdminsBySettings = { readonly anyway: readonly UserId[] };

const alive = { deletedAtMs: null, suspendedAtMs: null };

/**
 * Whether somebody but `id` may do everything, until the transaction ends: whoever wants to take that from them waits.
 * The rows are locked one by one in the order of their ids, so that no two transactions wait for one another.
 */
export async function isAnotherAdminLeft(
  tx: PrismaTransaction,
  id: UserId,
  { anyway }: AdminsBySettings,
): Promise<boolean> {
  const isAdmin = { ...alive, OR: [{ role: "admin" }, { id: { in: [...anyway] } }] };
  const rows = await tx.user.findMany({
    select: { id: true },
    where: { OR: [isAdmin, { id }] },
    orderBy: { id: "asc" },
  });
  let others = 0;
  for (const row of rows) {
    // Changes nothing, but locks the row, and finds it as it is by then.
    const where = row.id === id ? { id } : { AND: [isAdmin, { id: row.id }] };
    const { count } = await tx.user.updateMany({ where, data: { tokenVersion: { increment: 0 } } });
    if (row.id !== id) others += count;
  }
  return others > 0;
}
