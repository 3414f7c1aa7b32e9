import type { AccountRow, Allocation, GrantRow, HoldRow, JournalRow, Rows } from "@jifen/testkit/ledger-model";

/** A row by column names, with integers as numbers. */
export type Row = Readonly<Record<string, unknown>>;

/** Converts the ledger's allocations to those of the model. */
export const toAllocations = (
  allocations: readonly { readonly grantId: string; readonly amount: number }[],
): Allocation[] => allocations.map(({ grantId, amount }) => ({ bucket: grantId, amount }));

const text = (value: unknown) => String(value);
const number = (value: unknown) => Number(value);
const nullable = <Value>(value: unknown, of: (value: unknown) => Value) => (value === null ? null : of(value));

const toJournalRow = (row: Row): JournalRow => ({
  account: text(row["account_id"]),
  sequence: number(row["sequence"]),
  id: text(row["id"]),
  // An entry without a stored key has the key of its own id.
  key: nullable(row["idempotency_key"], text) ?? `transaction:${row["id"]}`,
  kind: text(row["kind"]),
  amount: number(row["amount"]),
  action: text(row["action"]),
  subject: nullable(row["subject_id"], text),
  debit: text(row["debit"]),
  credit: text(row["credit"]),
  balanceAfter: number(row["balance_after"]),
  heldAfter: number(row["held_after"]),
  expiredOnReturn: number(row["lapsed"]),
  allocations: toAllocations(JSON.parse(text(row["shares"]))),
  expiresAtMs: nullable(row["expires_at_ms"], number),
  metadata: nullable(row["metadata"], text),
  createdAtMs: number(row["created_at_ms"]),
  actor: nullable(row["actor"], text),
  requestId: nullable(row["request_id"], text),
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
  expiresAtMs: nullable(row["expires_at_ms"], number),
});

const toHoldRow = (row: Row): HoldRow => ({
  account: text(row["account_id"]),
  id: text(row["id"]),
  owner: text(row["owner"]),
  amount: number(row["amount"]),
  state: text(row["state"]),
  captured: number(row["captured"]),
  released: number(row["released"]),
  expired: number(row["expired"]),
  expiresAtMs: number(row["expires_at_ms"]),
  resolvedAtMs: nullable(row["resolved_at_ms"], number),
});

/** Rows by column names, as a database returns them. */
type RawRows = Readonly<Record<"accounts" | "grants" | "holds" | "journal", readonly Row[]>>;

/** Converts the rows of a database. */
export const toRows = ({ accounts, grants, holds, journal }: RawRows): Rows => ({
  accounts: accounts.map(toAccountRow),
  grants: grants.map(toGrantRow),
  holds: holds.map(toHoldRow),
  journal: journal.map(toJournalRow),
});
