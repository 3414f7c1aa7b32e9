import { type LocalSumsQuery, sumsCondition, type UnitDialect, unitExpression } from "../logs/local-sums.ts";
import { inAllParts } from "../logs/log-parts.ts";
import type { WithSnapshot } from "./audit-reads.ts";

/** What adds credits to accounts or takes them away, besides charges and refunds. */
export const creditKinds = ["grant", "revoke", "expire"] as const;

/** The grants of a source, the revocations or the expirations of a local hour or day. */
export type LocalCredits = {
  /** The local hour or day, counted from the epoch. */
  readonly unit: number;
  readonly kind: (typeof creditKinds)[number];
  /** The source of grants; empty for other kinds. */
  readonly source: string;
  readonly entries: number;
  /** Whole credits. */
  readonly amount: number;
};

/** Numbers of quarters since the epoch, `toQuarter` exclusive. */
export type QuarterRange = { readonly fromQuarter: number; readonly toQuarter: number };

/** Which sums of all accounts to read. */
export type CreditsQuery = Pick<LocalSumsQuery, "fromQuarter" | "toQuarter" | "unitSeconds" | "offsets">;

/** What each database reads of all accounts together. Rejects with DatabaseUnavailable when it cannot be reached. */
export type AllAccountsReads = {
  /** Stored sums of grants, revocations and expirations. They cost what the quarters of the range have, whatever the accounts. */
  credits(query: CreditsQuery): Promise<readonly LocalCredits[]>;
  /**
   * How many accounts were charged in each of these ranges, each account once in a range. It reads one entry of an index for each
   * account, quarter and action of the ranges.
   */
  activeAccounts(ranges: readonly QuarterRange[]): Promise<readonly number[]>;
  /** The time of the first entry that is in none of the stored sums, charges and refunds included; undefined when all are. */
  firstMissingMs(): Promise<number | undefined>;
};

/** The time of the first entry of a journal after a mark, over all accounts. @param mark the column of the mark */
export const firstAfterMark = (mark: "sequence" | "credit_sequence") =>
  `SELECT min(t.created_at_ms) AS first_ms FROM accounts a LEFT JOIN spend_marks m ON m.account_id = a.id
  JOIN transactions t ON t.account_id = a.id AND t.sequence = coalesce(m.${mark}, 0) + 1
  WHERE a.sequence > coalesce(m.${mark}, 0)`;

const firstMissing = firstAfterMark("credit_sequence");

const active = `SELECT count(*) AS n FROM (SELECT DISTINCT account_id FROM spend_rollups
  WHERE quarter >= ? AND quarter < ? AND charges > 0) AS charged`;

type Row = Readonly<Record<string, unknown>>;

/** A row of these sums, as any database returns it. */
export const toLocalCredits = (row: Row): LocalCredits => ({
  unit: Number(row["unit"]),
  kind: row["kind"] as LocalCredits["kind"],
  source: String(row["source"]),
  entries: Number(row["entries"]),
  amount: Number(row["amount"]),
});

/** What is read of all accounts together, on any SQL database. */
export const createAllAccountsReads = (withSnapshot: WithSnapshot, dialect: UnitDialect): AllAccountsReads => ({
  credits: (query) =>
    withSnapshot(async (read) => {
      const unit = unitExpression(query, dialect);
      const where = sumsCondition(query);
      const sql = `SELECT ${unit.sql} AS unit, kind, source, sum(entries) AS entries, sum(amount) AS amount
        FROM credit_totals WHERE ${inAllParts} AND ${where.sql} GROUP BY 1, 2, 3`;
      return (await read<Row>(sql, [...unit.values, ...where.values])).map(toLocalCredits);
    }),

  activeAccounts: (ranges) =>
    withSnapshot(async (read) => {
      const counts: number[] = [];
      for (const { fromQuarter, toQuarter } of ranges) {
        const [row] = await read<{ n: unknown }>(active, [fromQuarter, toQuarter]);
        counts.push(Number(row?.n));
      }
      return counts;
    }),

  firstMissingMs: () =>
    withSnapshot(async (read) => {
      const [row] = await read<{ first_ms: unknown }>(firstMissing, []);
      return row?.first_ms === null || row === undefined ? undefined : Number(row.first_ms);
    }),
});
