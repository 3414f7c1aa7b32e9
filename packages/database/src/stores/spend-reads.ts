import { type AccountId, accountId } from "@jifen/core";
import { type LocalSumsQuery, sumsCondition, type UnitDialect, unitExpression } from "../logs/local-sums.ts";
import { inAllParts } from "../logs/log-parts.ts";
import type { SnapshotRead, WithSnapshot } from "./audit-reads.ts";

/** The credits of charges and of refunds. */
export type SpendCounts = {
  readonly charges: number;
  readonly charged: number;
  readonly refunds: number;
  readonly refunded: number;
};

/** Which sums to read. */
export type SpendQuery = LocalSumsQuery & {
  /** All accounts if left out. */
  readonly accountId?: AccountId | undefined;
};

/** The sums of a local hour or day, of an action or of all. */
export type LocalSpend = SpendCounts & {
  /** The local hour or day, counted from the epoch. */
  readonly unit: number;
  /** null without `byAction`. */
  readonly action: string | null;
};

/** An entry of a journal that is not in the sums yet. */
export type UnfedEntry = {
  readonly createdAtMs: number;
  readonly isRefund: boolean;
  readonly amount: number;
  readonly action: string;
};

/** What each database reads of the sums. Rejects with DatabaseUnavailable when it cannot be reached. */
export type SpendReads = {
  /**
   * The sums as they are stored, and the entries of the account that are not in them yet, both read from one snapshot: together
   * they are the journal. Of all accounts: no entries. Entries beyond `MAX_UNFED` are left out, and `isComplete` is false.
   */
  sums(query: SpendQuery): Promise<{
    readonly sums: readonly LocalSpend[];
    readonly unfed: readonly UnfedEntry[];
    readonly isComplete: boolean;
  }>;
  /** Accounts with entries that are not in the sums yet, at most `limit`. */
  unfedAccounts(limit: number): Promise<readonly AccountId[]>;
  /** The time of the first entry that is not in the sums yet; undefined when all are. */
  firstUnfedMs(): Promise<number | undefined>;
};

/** How many entries of a journal one read adds up. */
export const MAX_UNFED = 5_000;

const counts = ["charges", "charged", "refunds", "refunded"];

type Row = Readonly<Record<string, unknown>>;

const unfedAccounts = `SELECT a.id AS id FROM accounts a LEFT JOIN spend_marks m ON m.account_id = a.id
  WHERE a.sequence > coalesce(m.sequence, 0) LIMIT ?`;

const firstUnfed = `SELECT min(t.created_at_ms) AS first_ms FROM accounts a LEFT JOIN spend_marks m ON m.account_id = a.id
  JOIN transactions t ON t.account_id = a.id AND t.sequence = coalesce(m.sequence, 0) + 1
  WHERE a.sequence > coalesce(m.sequence, 0)`;

const unfedEntries = `SELECT created_at_ms, kind, amount, action FROM transactions
  WHERE account_id = ? AND sequence > ? AND kind IN ('consume', 'capture', 'refund') ORDER BY sequence LIMIT ?`;

/** Reads of the sums on any SQL database. */
export const createSpendReads = (withSnapshot: WithSnapshot, dialect: UnitDialect): SpendReads => ({
  sums: (query) =>
    withSnapshot(async (read) => {
      const sums = await readSums(read, query, dialect);
      const unfed = query.accountId === undefined ? [] : await readUnfed(read, query.accountId);
      return { sums, unfed: unfed.slice(0, MAX_UNFED), isComplete: unfed.length <= MAX_UNFED };
    }),

  unfedAccounts: (limit) =>
    withSnapshot(async (read) => (await read<{ id: string }>(unfedAccounts, [limit])).map(({ id }) => accountId(id))),

  firstUnfedMs: () =>
    withSnapshot(async (read) => {
      const [row] = await read<{ first_ms: unknown }>(firstUnfed, []);
      return row?.first_ms === null || row === undefined ? undefined : Number(row.first_ms);
    }),
});

async function readSums(read: SnapshotRead, query: SpendQuery, dialect: UnitDialect): Promise<readonly LocalSpend[]> {
  const { accountId: account, byAction } = query;
  const unit = unitExpression(query, dialect);
  const where = sumsCondition(query);
  const [table, owner] = account === undefined ? ["spend_totals", inAllParts] : ["spend_rollups", "account_id = ?"];
  const sql = `SELECT ${unit.sql} AS unit, ${byAction ? "action" : "NULL AS action"},
      ${counts.map((name) => `sum(${name}) AS ${name}`).join(", ")}
    FROM ${table} WHERE ${owner} AND ${where.sql} GROUP BY 1${byAction ? ", 2" : ""}`;
  const rows = await read<Row>(sql, [...unit.values, ...(account === undefined ? [] : [account]), ...where.values]);
  return rows.map((row) => ({
    unit: Number(row["unit"]),
    action: byAction ? String(row["action"]) : null,
    charges: Number(row["charges"]),
    charged: Number(row["charged"]),
    refunds: Number(row["refunds"]),
    refunded: Number(row["refunded"]),
  }));
}

async function readUnfed(read: SnapshotRead, account: AccountId): Promise<readonly UnfedEntry[]> {
  const [mark] = await read<{ sequence: unknown }>("SELECT sequence FROM spend_marks WHERE account_id = ?", [account]);
  const rows = await read<Row>(unfedEntries, [account, Number(mark?.sequence ?? 0), MAX_UNFED + 1]);
  return rows.map((row) => ({
    createdAtMs: Number(row["created_at_ms"]),
    isRefund: row["kind"] === "refund",
    amount: Number(row["amount"]),
    action: String(row["action"]),
  }));
}
