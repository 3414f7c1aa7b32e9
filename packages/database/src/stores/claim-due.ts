import type { Records, StoredRecord } from "../records/records.ts";

/** Tables whose rows wait for a time at which something has to be done. */
type DueTable = "orders" | "payments" | "reversals";

/** Which rows to claim: those that are due at `nowMs`, the earliest first. No other process claims them until `untilMs`. */
export type DueClaim = { readonly nowMs: number; readonly untilMs: number; readonly limit: number };

/**
 * Claims due rows: each is claimed by one process, which sets its next time when it is done. The row of a process that dies is
 * due again at `untilMs`.
 */
export async function claimDue<Name extends DueTable>(
  records: Records,
  table: Name,
  { nowMs, untilMs, limit }: DueClaim,
): Promise<readonly StoredRecord<Name>[]> {
  // The operations are the same for the three tables, whose rows have these columns in common.
  const rows = records as unknown as DueRecords<Name>;
  const due = await rows.list(table, {
    where: { nextCheckMs: { gte: 0, lte: nowMs } },
    by: ["nextCheckMs", "id"],
    limit,
  });
  const claimed = await Promise.all(
    due.map(async (row) => {
      const claim = { expected: { nextCheckMs: row.nextCheckMs }, set: { nextCheckMs: untilMs } };
      const isClaimed = await rows.compareAndSet(table, { userId: row.userId, id: row.id }, claim);
      return isClaimed ? [{ ...row, nextCheckMs: untilMs }] : [];
    }),
  );
  return claimed.flat();
}

type DueRecords<Name extends DueTable> = {
  list(table: Name, query: object): Promise<readonly StoredRecord<Name>[]>;
  compareAndSet(table: Name, key: object, change: object): Promise<boolean>;
};
