import type { Allocation } from "../model/request.ts";

/** By column names, whole numbers as numbers. */
export type Row = Readonly<Record<string, unknown>>;

/** A line of the journal as the table holds it. */
export type JournalRow = {
  readonly account: string;
  readonly sequence: number;
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly amount: number;
  readonly action: string;
  readonly subject: string | null;
  readonly debit: string;
  readonly credit: string;
  readonly balanceAfter: number;
  readonly heldAfter: number;
  readonly expiredOnReturn: number;
  readonly allocations: readonly Allocation[];
  readonly expiresAtMs: number | null;
  readonly createdAtMs: number;
};

/** An account as the table holds it. */
export type AccountRow = {
  readonly account: string;
  readonly balance: number;
  readonly held: number;
  readonly sequence: number;
};

/** A grant as the table holds it. */
export type GrantRow = {
  readonly account: string;
  readonly id: string;
  readonly amount: number;
  readonly remaining: number;
  readonly expiresAtMs: number | null;
};

/** A hold as the table holds it. */
export type HoldRow = {
  readonly account: string;
  readonly id: string;
  readonly amount: number;
  readonly state: string;
  readonly captured: number;
  readonly released: number;
  readonly expired: number;
  readonly expiresAtMs: number;
  readonly resolvedAtMs: number | null;
};

/** Everything that a database holds of some accounts. */
export type Rows = {
  readonly accounts: readonly AccountRow[];
  readonly grants: readonly GrantRow[];
  readonly holds: readonly HoldRow[];
  /** By account, then by number. */
  readonly journal: readonly JournalRow[];
};

/** Shares as the ledger writes them, to what the model calls them. */
export const toAllocations = (
  allocations: readonly { readonly grantId: string; readonly amount: number }[],
): Allocation[] => allocations.map(({ grantId, amount }) => ({ bucket: grantId, amount }));

const text = (value: unknown) => String(value);
const number = (value: unknown) => Number(value);
const perhaps = <Value>(value: unknown, of: (value: unknown) => Value) => (value === null ? null : of(value));

const toJournalRow = (row: Row): JournalRow => ({
  account: text(row["account_id"]),
  sequence: number(row["sequence"]),
  id: text(row["id"]),
  // What came without a key is its own.
  key: perhaps(row["idempotency_key"], text) ?? `transaction:${row["id"]}`,
  kind: text(row["kind"]),
  amount: number(row["amount"]),
  action: text(row["action"]),
  subject: perhaps(row["subject_id"], text),
  debit: text(row["debit"]),
  credit: text(row["credit"]),
  balanceAfter: number(row["balance_after"]),
  heldAfter: number(row["held_after"]),
  expiredOnReturn: number(row["lapsed"]),
  allocations: toAllocations(JSON.parse(text(row["shares"]))),
  expiresAtMs: perhaps(row["expires_at_ms"], number),
  createdAtMs: number(row["created_at_ms"]),
});

const toAccountRow = (row: Row): AccountRow => ({
  account: text(row["id"]),
  balance: number(row["balance"]),
  held: number(row["held"]),
  sequence: number(row["sequence"]),
});

const toGrantRow = (row: Row): GrantRow => ({
  account: text(row["account_id"]),
  id: text(row["id"]),
  amount: number(row["amount"]),
  remaining: number(row["remaining"]),
  expiresAtMs: perhaps(row["expires_at_ms"], number),
});

const toHoldRow = (row: Row): HoldRow => ({
  account: text(row["account_id"]),
  id: text(row["id"]),
  amount: number(row["amount"]),
  state: text(row["state"]),
  captured: number(row["captured"]),
  released: number(row["released"]),
  expired: number(row["expired"]),
  expiresAtMs: number(row["expires_at_ms"]),
  resolvedAtMs: perhaps(row["resolved_at_ms"], number),
});

/** Rows by the names of their columns, as a database gives them. */
type RawRows = Readonly<Record<"accounts" | "grants" | "holds" | "journal", readonly Row[]>>;

/** What they say. */
export const toRows = ({ accounts, grants, holds, journal }: RawRows): Rows => ({
  accounts: accounts.map(toAccountRow),
  grants: grants.map(toGrantRow),
  holds: holds.map(toHoldRow),
  journal: journal.map(toJournalRow),
});
