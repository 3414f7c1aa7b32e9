import { accountId, systemAccounts } from "@jifen/core";
import type { Database } from "@jifen/database";

/** The database's clock, epoch milliseconds: it decides from when a version of the catalogue is in force. @throws DatabaseUnavailable */
export async function readDatabaseClock({ ledger }: { readonly ledger: Pick<Database["ledger"], "readAccounts"> }) {
  // No row has this id, so that nothing but the clock is read.
  return (await ledger.readAccounts([accountId(systemAccounts.issued)])).nowMs;
}
