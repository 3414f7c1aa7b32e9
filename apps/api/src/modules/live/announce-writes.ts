import { type AccountId, type UserId, userOf } from "@jifen/core";
import type { Database } from "@jifen/database";
import type { LedgerStore } from "@jifen/ledger";
import { observeCommits } from "../credits/observe-commits.ts";

/** Called after a commit, for each user for whom something is new. It must take no time, and never throw. */
type Announce = (userId: UserId) => void;

/**
 * The same database, which announces what it has committed: balances, changed by a command or by the sweeper, and logs. A write
 * whose outcome is unknown is not announced; the next look at the user finds it.
 */
export const announceWrites = <Stores extends Pick<Database, "ledger" | "logs">>(
  database: Stores,
  announce: Announce,
): Stores => ({
  ...database,
  ledger: announcingLedger(database.ledger, announce),
  logs: {
    ...database.logs,
    write: async (logs) => {
      const stored = await database.logs.write(logs);
      for (const { userId } of stored) announce(userId);
      return stored;
    },
  },
});

const announcingLedger = (store: LedgerStore, announce: Announce): LedgerStore =>
  observeCommits(store, ({ accountsOpened, accountsChanged }) => {
    for (const { id } of accountsOpened) announceOwner(id, announce);
    for (const { id } of accountsChanged) announceOwner(id, announce);
  });

function announceOwner(id: AccountId, announce: Announce): void {
  const user = userOf(id);
  if (user !== undefined) announce(user);
}
