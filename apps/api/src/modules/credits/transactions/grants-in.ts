import { type Credits, invariant } from "@jifen/core";
import type { HistoryStore } from "@jifen/database";
import type { Entry, Grant } from "@jifen/ledger";

/** A grant, and how much of it a line moved. */
type GrantShown = { readonly grant: Grant; readonly amount: Credits };

/** The grants that a line took from or gave back to, in its order. */
export async function grantsIn(
  history: HistoryStore,
  { id, accountId, allocations }: Entry,
): Promise<readonly GrantShown[]> {
  const grants = await history.grantsById(
    accountId,
    allocations.map(({ grantId }) => grantId),
  );
  const found = new Map(grants.map((grant) => [grant.id, grant]));
  return allocations.map(({ grantId, amount }) => {
    const grant = found.get(grantId);
    invariant(grant !== undefined, `transaction ${id} moves credits of grant ${grantId}, which is not there`);
    return { grant, amount };
  });
}
