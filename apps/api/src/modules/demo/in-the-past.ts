import type { Database } from "@jifen/database";

/**
 * The same database, whose ledger decides by another clock. The rules of the ledger are pure and take the time as data, so a
 * command of the past is decided, checked and written as it would have been then. The clock must not go back, and nothing else
 * may write meanwhile: entries of an account are in the order of time.
 */
export const inThePast = <Stores extends Pick<Database, "ledger">>(database: Stores, nowMs: () => number): Stores => ({
  ...database,
  ledger: {
    ...database.ledger,
    commit: (readSet, decide) => database.ledger.commit(readSet, (snapshot) => decide({ ...snapshot, nowMs: nowMs() })),
    readAccounts: async (ids) => ({ ...(await database.ledger.readAccounts(ids)), nowMs: nowMs() }),
  },
});
