import { type AccountId, accountId } from "@jifen/core";
import type { LocalSumsQuery, UnitDialect } from "../logs/local-sums.ts";
import { inAllParts } from "../logs/log-parts.ts";
import type { OwnersQuery } from "../logs/log-sums-query.ts";
import { actionOf, readLocalSums } from "../logs/read-local-sums.ts";
import { sumsByOwner } from "../logs/sums-of-users.ts";
import { firstAfterMark } from "./all-accounts-reads.ts";
import type { SnapshotRead, WithSnapshot } from "./audit-reads.ts";

/** The credits of charges and of refunds. */
export type SpendCounts = {
  readonly charges: number;
  readonly charged: number;
  readonly refunds: number;
  readonly refunded: number;
};

/** Which sums to read. */
export type SpendQuery = LocalSumsQuery<"charged" | "refunded"> & {
  /** All accounts if left out. */
  readonly accountId?: AccountId | undefined;
};

/** The sums of a local hour or day, of an action or of all. */
export type LocalSpend = SpendCounts & {
  /** The local hour or day, counted from the epoch. */
  readonly unit: number;
  /** null without `byAction`, and for those that are not named. */
  readonly action: string | null;
};

/** The sums of one account. */
export type AccountSpend = SpendCounts & { readonly accountId: AccountId };

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
  /** The stored sums of each of these accounts, 200 at most; of those without charges and refunds, none. */
  sumsOfAccounts(query: OwnersQuery<AccountId>): Promise<readonly AccountSpend[]>;
  /** Accounts with entries that are not in the sums yet, at most `limit`. */
  unfedAccounts(limit: number): Promise<readonly AccountId[]>;
  /** The time of the first entry that is not in the sums yet; undefined when all are. */
  firstUnfedMs(): Promise<number | undefined>;
};

/** How many entries of a journal one read adds up. */
export const MAX_UNFED = 5_000;

/** The counts in the tables of sums of credits. */
export const spendCounts: readonly string[] = ["charges", "charged", "refunds", "refunded"];

/** A row of the sums of an account. */
export const toAccountSpend = (row: Readonly<Record<string, unknown>>): AccountSpend => ({
  accountId: accountId(String(row["account_id"])),
  charges: Number(row["charges"]),
  charged: Number(row["charged"]),
  refunds: Number(row["refunds"]),
  refunded: Number(row["refunded"]),
});

type Row = Readonly<Record<string, unknown>>;

// `credit_sequence` is never above `sequence`, so that one comparison finds accounts behind in either.
const unfedAccounts = `SELECT a.id AS id FROM accounts a LEFT JOIN spend_marks m ON m.account_id = a.id
  WHERE a.sequence > coalesce(m.credit_sequence, 0) LIMIT ?`;

const firstUnfed = firstAfterMark("sequence");

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

  sumsOfAccounts: (query) =>
    withSnapshot(async (read) => {
      if (query.owners.length === 0) return [];
      const { sql, values } = sumsByOwner({ table: "spend_rollups", column: "account_id", counts: spendCounts }, query);
      return (await read<Row>(sql, [...values])).map(toAccountSpend);
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
  const { accountId: account } = query;
  const source =
    account === undefined
      ? { table: "spend_totals", owner: { sql: inAllParts, values: [] } }
      : { table: "spend_rollups", owner: { sql: "account_id = ?", values: [account] } };
  const rows = await readLocalSums(
    { read: (sql, values) => read<Row>(sql, values), ...dialect },
    { ...source, counts: spendCounts },
    query,
  );
  return rows.map((row) => ({
    unit: Number(row["unit"]),
    action: actionOf(row["action"]),
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
