import type { AccountId } from "@jifen/core";
import type pg from "pg";

/**
 * How extra rows are inserted. Citus inserts `rows` from arrays by COPY, and then does not say that a row exists already
 * (23505): `values` sends each row with the statement.
 */
export type ExtraInserts = "arrays" | "values";

/** The tables that statements name. The statements of each set have names of their own. */
export type TableNames = {
  /** The table of the ledger's model, such as `accounts`. */
  readonly of: (table: string) => string;
  /** Follows the name of each prepared statement. */
  readonly suffix: string;
  /** An expression that fails a statement when its rows belong to another node. */
  readonly guard: string | undefined;
  /** What a transaction sends between the write of these accounts and the extra writes. */
  readonly beforeExtraWrites: (accountIds: readonly AccountId[]) => readonly pg.QueryConfig[];
  readonly extraInserts: ExtraInserts;
};

/** The tables as the migrations name them. */
export const ownTables: TableNames = {
  of: (table) => table,
  suffix: "",
  guard: undefined,
  beforeExtraWrites: () => [],
  extraInserts: "arrays",
};
