import { type Credits, invariant } from "@jifen/core";
import type { HistoryStore } from "@jifen/database";
import type { Entry, Grant } from "@jifen/ledger";

/** A grant, and how much an entry took from it or returned to it. */
type AllocatedGrant = { readonly grant: Grant; readonly amount: Credits };

/** The grants that an entry took credits from or returned credits to, in the order of its allocations. */
export async function grantsIn(
  history: HistoryStore,
  { id, accountId, allocations }: Entry,
): Promise<readonly AllocatedGrant[]> {
  const grants = await history.grantsById(
    accountId,
    allocations.map(({ grantId }) => grantId),
  );
  const found = new Map(grants.map((grant) => [grant.id, grant]));
  return allocations.map(({ grantId, amount }) => {
    const grant = found.get(grantId);
    invariant(grant !== undefined, `transaction ${id} has an allocation of grant ${grantId}, which does not exist`);
    return { grant, amount };
  });
}
