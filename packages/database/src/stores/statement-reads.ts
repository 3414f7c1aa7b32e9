import type { AccountId } from "@jifen/core";
import type { WithSnapshot } from "./audit-reads.ts";
import { type EntrySum, summedKinds } from "./statement-sums.ts";

/** An entry as the point in a journal up to which a statement goes. */
export type JournalPoint = {
  readonly sequence: number;
  readonly createdAtMs: number;
  /** The spendable credits after it. */
  readonly balance: number;
  /** The credits in pending holds after it. */
  readonly held: number;
};

/** What statements read of a journal. Entries never change, so that reads one after the other agree. */
export type StatementReads = {
  /** Runs `work` with a function that finds the entries of an account with these numbers, in their order. */
  withPoints<Result>(
    accountId: AccountId,
    work: (points: (sequences: readonly number[]) => Promise<readonly JournalPoint[]>) => Promise<Result>,
  ): Promise<Result>;
  /** Sums of the entries after one number up to another one, by kind and name. */
  sumsOf(
    accountId: AccountId,
    range: { readonly after: number; readonly through: number },
  ): Promise<readonly EntrySum[]>;
};

type PointRow = Readonly<Record<"sequence" | "created_at_ms" | "balance_after" | "held_after", unknown>>;

/** An entry with the columns of a point, as any database returns them. */
export const toPoint = (row: PointRow): JournalPoint => ({
  sequence: Number(row.sequence),
  createdAtMs: Number(row.created_at_ms),
  balance: Number(row.balance_after),
  held: Number(row.held_after),
});

type SumRow = Readonly<Record<"kind" | "name" | "first_sequence" | "entries" | "amount", unknown>>;

/** A row of sums, as any database returns it. */
export const toEntrySum = (row: SumRow): EntrySum => ({
  kind: String(row.kind),
  name: String(row.name ?? ""),
  firstSequence: Number(row.first_sequence),
  entries: Number(row.entries),
  amount: Number(row.amount),
});

const pointsSql = (count: number) => `SELECT sequence, created_at_ms, balance_after, held_after FROM transactions
  WHERE account_id = ? AND sequence IN (${Array(count).fill("?").join(", ")}) ORDER BY sequence`;

/** The source is a subquery and no join, so that a planner cannot choose to read all grants of the account for each slice. */
const sumsSql = `SELECT kind, name, min(sequence) AS first_sequence, count(*) AS entries, sum(amount) AS amount FROM (
    SELECT t.kind AS kind, t.sequence AS sequence, t.amount AS amount,
      CASE WHEN t.kind = 'grant' THEN (SELECT g.source FROM grants g WHERE g.account_id = ? AND g.id = t.subject_id)
        WHEN t.kind IN ('consume', 'capture', 'refund') THEN t.action ELSE '' END AS name
    FROM transactions t
    WHERE t.account_id = ? AND t.sequence > ? AND t.sequence <= ?
      AND t.kind IN (${summedKinds.map((kind) => `'${kind}'`).join(", ")})) AS summed
  GROUP BY kind, name`;

/** The reads on any SQL database. */
export const createStatementReads = (withSnapshot: WithSnapshot): StatementReads => ({
  withPoints: (accountId, work) =>
    withSnapshot((read) =>
      work(async (sequences) => {
        const rows = await read<PointRow>(pointsSql(sequences.length), [accountId, ...sequences]);
        return rows.map(toPoint);
      }),
    ),

  sumsOf: (accountId, { after, through }) =>
    withSnapshot(async (read) => (await read<SumRow>(sumsSql, [accountId, accountId, after, through])).map(toEntrySum)),
});
