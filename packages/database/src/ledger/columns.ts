import { type IdempotencyKey, idempotencyKey } from "@jifen/core";
import type { Account, Entry, Grant, Hold } from "@jifen/ledger";

/**
 * Fields whose column keeps the name that it was created with: renaming a column would break servers of the version before
 * during a rolling upgrade (decision 0013). Every other column is its field in snake case.
 */
export const storedColumnNames = {
  allocations: "shares",
  expiredOnReturn: "lapsed",
  nextExpiryMs: "next_due_ms",
  referenceId: "subject_id",
  requestParams: "terms",
} as const;

/** A column: its name, its type on PostgreSQL, and what a row has in it. */
type Column<Row> = readonly [name: string, type: "text" | "bigint" | "integer", of: (row: Row) => unknown];

/** How rows of one kind are written: the same columns, in the same order, on every database. */
export type Columns<Row> = {
  /** Separated by commas. */
  readonly names: string;
  /** Types as PostgreSQL calls them, in the order of `names`. */
  readonly types: readonly string[];
  /** What a row has in each, in the order of `names`. */
  readonly values: (row: Row) => readonly unknown[];
  /** The same, column by column. */
  readonly of: readonly ((row: Row) => unknown)[];
};

const columns = <Row>(...all: readonly Column<Row>[]): Columns<Row> => ({
  names: all.map(([name]) => name).join(", "),
  types: all.map(([, type]) => type),
  values: (row) => all.map(([, , of]) => of(row)),
  of: all.map(([, , of]) => of),
});

/** Every column of accounts. */
export const accountColumns: Columns<Account> = columns<Account>(
  ["id", "text", (account) => account.id],
  ["balance", "bigint", (account) => account.balance],
  ["held", "bigint", (account) => account.held],
  ["sequence", "bigint", (account) => account.sequence],
  ["next_due_ms", "bigint", (account) => account.nextExpiryMs],
);

/** An account as it is to be, and as its row must still be. */
export type AccountChange = { readonly account: Account; readonly before: Account };

/** What changes of an account, after what its row must still have: its id, its number, and when it is due. */
export const accountChange: Columns<AccountChange> = columns<AccountChange>(
  ["id", "text", ({ account }) => account.id],
  ["sequence_before", "bigint", ({ before }) => before.sequence],
  ["due_before", "bigint", ({ before }) => before.nextExpiryMs],
  ["balance", "bigint", ({ account }) => account.balance],
  ["held", "bigint", ({ account }) => account.held],
  ["sequence", "bigint", ({ account }) => account.sequence],
  ["next_due_ms", "bigint", ({ account }) => account.nextExpiryMs],
);

/** Every column of grants but the one that the database computes. */
export const grantColumns: Columns<Grant> = columns<Grant>(
  ["account_id", "text", (grant) => grant.accountId],
  ["id", "text", (grant) => grant.id],
  ["source", "text", (grant) => grant.source],
  ["amount", "bigint", (grant) => grant.amount],
  ["remaining", "bigint", (grant) => grant.remaining],
  ["priority", "integer", (grant) => grant.priority],
  ["expires_at_ms", "bigint", (grant) => grant.expiresAtMs],
  ["created_at_ms", "bigint", (grant) => grant.createdAtMs],
);

/** What changes of a grant, after its key. */
export const grantChange: Columns<Grant> = columns<Grant>(
  ["account_id", "text", (grant) => grant.accountId],
  ["id", "text", (grant) => grant.id],
  ["remaining", "bigint", (grant) => grant.remaining],
);

/** Every column of holds. */
export const holdColumns: Columns<Hold> = columns<Hold>(
  ["account_id", "text", (hold) => hold.accountId],
  ["id", "text", (hold) => hold.id],
  ["placed_by", "text", (hold) => hold.placedBy],
  ["action", "text", (hold) => hold.action],
  ["metadata", "text", (hold) => hold.metadata],
  ["amount", "bigint", (hold) => hold.amount],
  ["shares", "text", (hold) => JSON.stringify(hold.allocations)],
  ["state", "text", (hold) => hold.state],
  ["captured", "bigint", (hold) => hold.captured],
  ["released", "bigint", (hold) => hold.released],
  ["expired", "bigint", (hold) => hold.expired],
  ["expires_at_ms", "bigint", (hold) => hold.expiresAtMs],
  ["created_at_ms", "bigint", (hold) => hold.createdAtMs],
  ["resolved_at_ms", "bigint", (hold) => hold.resolvedAtMs],
);

/** What changes of a hold, after its key. */
export const holdChange: Columns<Hold> = columns<Hold>(
  ["account_id", "text", (hold) => hold.accountId],
  ["id", "text", (hold) => hold.id],
  ["state", "text", (hold) => hold.state],
  ["captured", "bigint", (hold) => hold.captured],
  ["released", "bigint", (hold) => hold.released],
  ["expired", "bigint", (hold) => hold.expired],
  ["expires_at_ms", "bigint", (hold) => hold.expiresAtMs],
  ["resolved_at_ms", "bigint", (hold) => hold.resolvedAtMs],
);

/** A key that says no more than the line's own id is not stored: one entry less in an index that every line is in. */
export const storedKey = (key: IdempotencyKey): IdempotencyKey | null =>
  idempotencyKey.idIn(key) === undefined ? key : null;

/** Every column of transactions. */
export const entryColumns: Columns<Entry> = columns<Entry>(
  ["account_id", "text", (line) => line.accountId],
  ["sequence", "bigint", (line) => line.sequence],
  ["id", "text", (line) => line.id],
  ["idempotency_key", "text", (line) => storedKey(line.idempotencyKey)],
  ["kind", "text", (line) => line.kind],
  ["amount", "bigint", (line) => line.amount],
  ["action", "text", (line) => line.action],
  ["metadata", "text", (line) => line.metadata],
  ["terms", "text", (line) => line.requestParams],
  ["subject_id", "text", (line) => line.referenceId],
  ["debit", "text", (line) => line.debit],
  ["credit", "text", (line) => line.credit],
  ["balance_after", "bigint", (line) => line.balanceAfter],
  ["held_after", "bigint", (line) => line.heldAfter],
  ["shares", "text", (line) => JSON.stringify(line.allocations)],
  ["lapsed", "bigint", (line) => line.expiredOnReturn],
  ["expires_at_ms", "bigint", (line) => line.expiresAtMs],
  ["created_at_ms", "bigint", (line) => line.createdAtMs],
);
