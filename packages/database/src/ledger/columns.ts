import { holderKindOf, type IdempotencyKey, idempotencyKey } from "@jifen/core";
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

/** A column: its name, its type on PostgreSQL, and its value in a row. */
type Column<Row> = readonly [name: string, type: "text" | "bigint" | "integer", of: (row: Row) => unknown];

/** The columns of a table, the same on every database. */
export type Columns<Row> = {
  /** The names, separated by ", ". */
  readonly names: string;
  /** The types on PostgreSQL, in the order of `names`. */
  readonly types: readonly string[];
  /** The values of a row, in the order of `names`. */
  readonly values: (row: Row) => readonly unknown[];
  /** The value of each column, in the order of `names`. */
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

/** The new state of an account, and the state that its row must still have. */
export type AccountChange = { readonly account: Account; readonly before: Account };

/** The condition of a change of an account (id, sequence number, next expiry), then the changed columns. */
export const accountChange: Columns<AccountChange> = columns<AccountChange>(
  ["id", "text", ({ account }) => account.id],
  ["sequence_before", "bigint", ({ before }) => before.sequence],
  ["due_before", "bigint", ({ before }) => before.nextExpiryMs],
  ["balance", "bigint", ({ account }) => account.balance],
  ["held", "bigint", ({ account }) => account.held],
  ["sequence", "bigint", ({ account }) => account.sequence],
  ["next_due_ms", "bigint", ({ account }) => account.nextExpiryMs],
);

/** Every column of grants except the computed one. */
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

/** The key of a grant, then the columns that can change. */
export const grantChange: Columns<Grant> = columns<Grant>(
  ["account_id", "text", (grant) => grant.accountId],
  ["id", "text", (grant) => grant.id],
  ["remaining", "bigint", (grant) => grant.remaining],
);

/** `placed_by` has only the kind, which servers of the version before require; a hold that they placed has no owner. */
const storedOwner = (placedBy: Hold["placedBy"]): string | null =>
  placedBy === holderKindOf(placedBy) ? null : placedBy;

/** Every column of holds. */
export const holdColumns: Columns<Hold> = columns<Hold>(
  ["account_id", "text", (hold) => hold.accountId],
  ["id", "text", (hold) => hold.id],
  ["placed_by", "text", (hold) => holderKindOf(hold.placedBy)],
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
  ["owner", "text", (hold) => storedOwner(hold.placedBy)],
);

/** The key of a hold, then the columns that can change. */
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

/** A key that is derived from the id of the entry is not stored, which keeps it out of the unique index. */
export const storedKey = (key: IdempotencyKey): IdempotencyKey | null =>
  idempotencyKey.idIn(key) === undefined ? key : null;

/** Every column of transactions. */
export const entryColumns: Columns<Entry> = columns<Entry>(
  ["account_id", "text", (entry) => entry.accountId],
  ["sequence", "bigint", (entry) => entry.sequence],
  ["id", "text", (entry) => entry.id],
  ["idempotency_key", "text", (entry) => storedKey(entry.idempotencyKey)],
  ["kind", "text", (entry) => entry.kind],
  ["amount", "bigint", (entry) => entry.amount],
  ["action", "text", (entry) => entry.action],
  ["metadata", "text", (entry) => entry.metadata],
  ["terms", "text", (entry) => entry.requestParams],
  ["subject_id", "text", (entry) => entry.referenceId],
  ["debit", "text", (entry) => entry.debit],
  ["credit", "text", (entry) => entry.credit],
  ["balance_after", "bigint", (entry) => entry.balanceAfter],
  ["held_after", "bigint", (entry) => entry.heldAfter],
  ["shares", "text", (entry) => JSON.stringify(entry.allocations)],
  ["lapsed", "bigint", (entry) => entry.expiredOnReturn],
  ["expires_at_ms", "bigint", (entry) => entry.expiresAtMs],
  ["created_at_ms", "bigint", (entry) => entry.createdAtMs],
  ["actor", "text", (entry) => entry.actor],
  ["request_id", "text", (entry) => entry.requestId],
);
