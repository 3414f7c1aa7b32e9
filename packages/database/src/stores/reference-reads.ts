import { type AccountId, accountId, type GrantId, type HoldId } from "@jifen/core";
import { idBound, timeOfId } from "../logs/months.ts";
import type { WithSnapshot } from "./audit-reads.ts";

/** Finds what an entry refers to by its id alone. Rejects with DatabaseUnavailable when the database cannot be reached. */
export type ReferenceReads = {
  /**
   * The account of a hold or grant. SQL databases find it by the time in its id, among 10,000 entries (2,000 on SQLite) from that
   * time on: not a grant whose entry comes after those, or more than a minute after the grant got its id.
   */
  accountOfReference(id: HoldId | GrantId): Promise<AccountId | undefined>;
};

/** The first grant of a user gets its id right after its entry does: more than a millisecond only if the process pauses. */
const BEFORE_MS = 100;

/** A hold and its entry get their ids together. Between those of a paid grant and its entry, the payment is recorded. */
const AFTER_MS = 60_000;

/** How many entries a read looks at, unless a database has its own limit. */
const MAX_ENTRIES = 10_000;

/** No index begins with the reference, and each entry would have to be added to it. The inner query reads the index of ids. */
const byTime = `SELECT account_id FROM (
    SELECT account_id, subject_id FROM transactions WHERE id >= ? AND id < ? ORDER BY id LIMIT ?) AS near
  WHERE subject_id = ? LIMIT 1`;

/** Finds references on any SQL database. */
export const createReferenceReads = (withSnapshot: WithSnapshot, maxEntries = MAX_ENTRIES): ReferenceReads => ({
  accountOfReference: (id) =>
    withSnapshot(async (read) => {
      const timeMs = timeOfId(id);
      const [from, to] = [idBound(timeMs - BEFORE_MS, "txn"), idBound(timeMs + AFTER_MS, "txn")];
      const [row] = await read<{ account_id: string }>(byTime, [from, to, maxEntries, id]);
      return row && accountId(row.account_id);
    }),
});
