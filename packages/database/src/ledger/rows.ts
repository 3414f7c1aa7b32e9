import {
  accountId,
  credits,
  type EntryKind,
  entryKinds,
  type GrantSource,
  grantId,
  grantSources,
  type HolderKind,
  type HoldState,
  holderKinds,
  holdId,
  holdStates,
  idempotencyKey,
  invariant,
  type Owner,
  transactionId,
} from "@jifen/core";
import type { Account, Entry, Grant, Hold } from "@jifen/ledger";

/** A 64-bit integer as drivers give it: a number, a bigint, or decimal text. */
type Integer = number | bigint | string;

/** An account as SQL returns it, column by column. */
export type AccountRow = {
  id: string;
  balance: Integer;
  held: Integer;
  sequence: Integer;
  next_due_ms: Integer | null;
};

/** A grant as SQL returns it. */
export type GrantRow = {
  account_id: string;
  id: string;
  source: string;
  amount: Integer;
  remaining: Integer;
  priority: number;
  expires_at_ms: Integer | null;
  created_at_ms: Integer;
};

/** A hold as SQL returns it. `shares` is JSON text. */
export type HoldRow = {
  account_id: string;
  id: string;
  placed_by: string;
  action: string;
  metadata: string | null;
  amount: Integer;
  shares: string;
  state: string;
  captured: Integer;
  released: Integer;
  expired: Integer;
  expires_at_ms: Integer;
  created_at_ms: Integer;
  resolved_at_ms: Integer | null;
  /** null in rows of versions that knew only the kind; documents of MongoDB that are as old have no such field. */
  owner?: string | null;
};

/** A transaction as SQL returns it. `shares` is JSON text. */
export type EntryRow = {
  account_id: string;
  sequence: Integer;
  id: string;
  /** null for a command without a key of the caller. */
  idempotency_key: string | null;
  kind: string;
  amount: Integer;
  action: string;
  metadata: string | null;
  terms: string | null;
  subject_id: string | null;
  debit: string;
  credit: string;
  balance_after: Integer;
  held_after: Integer;
  shares: string;
  lapsed: Integer;
  expires_at_ms: Integer | null;
  created_at_ms: Integer;
  /** Both null in rows of versions that did not store them; documents of MongoDB that are as old have no such fields. */
  actor?: string | null;
  request_id?: string | null;
};

function oneOf<Known extends string>(known: readonly Known[], text: string): Known {
  const found = known.find((each) => each === text);
  invariant(found !== undefined, `the database holds "${text}", which is none of ${known.join(", ")}`);
  return found;
}

const toCredits = (value: Integer) => credits(Number(value));
/** Epoch milliseconds, or nothing. */
const toNumberOrNull = (value: Integer | null) => (value === null ? null : Number(value));

/** Row to account. @throws RangeError when a number is not a whole number of credits. */
export const toAccount = (row: AccountRow): Account => ({
  id: accountId(row.id),
  balance: toCredits(row.balance),
  held: toCredits(row.held),
  sequence: Number(row.sequence),
  nextExpiryMs: toNumberOrNull(row.next_due_ms),
});

/** Row to grant. */
export const toGrant = (row: GrantRow): Grant => ({
  id: grantId(row.id),
  accountId: accountId(row.account_id),
  source: oneOf<GrantSource>(grantSources, row.source),
  amount: toCredits(row.amount),
  remaining: toCredits(row.remaining),
  priority: row.priority,
  expiresAtMs: toNumberOrNull(row.expires_at_ms),
  createdAtMs: Number(row.created_at_ms),
});

/** Row to hold. */
export const toHold = (row: HoldRow): Hold => ({
  id: holdId(row.id),
  accountId: accountId(row.account_id),
  placedBy: (row.owner as Owner | null | undefined) ?? oneOf<HolderKind>(holderKinds, row.placed_by),
  action: row.action,
  metadata: row.metadata,
  amount: toCredits(row.amount),
  allocations: JSON.parse(row.shares) as Hold["allocations"],
  state: oneOf<HoldState>(holdStates, row.state),
  captured: toCredits(row.captured),
  released: toCredits(row.released),
  expired: toCredits(row.expired),
  expiresAtMs: Number(row.expires_at_ms),
  createdAtMs: Number(row.created_at_ms),
  resolvedAtMs: toNumberOrNull(row.resolved_at_ms),
});

/** Row to transaction. */
export const toEntry = (row: EntryRow): Entry => ({
  id: transactionId(row.id),
  accountId: accountId(row.account_id),
  sequence: Number(row.sequence),
  idempotencyKey:
    row.idempotency_key === null
      ? idempotencyKey.ofTransaction(transactionId(row.id))
      : idempotencyKey.stored(row.idempotency_key),
  kind: oneOf<EntryKind>(entryKinds, row.kind),
  amount: toCredits(row.amount),
  action: row.action,
  metadata: row.metadata,
  requestParams: row.terms,
  referenceId: row.subject_id as Entry["referenceId"],
  debit: row.debit as Entry["debit"],
  credit: row.credit as Entry["credit"],
  balanceAfter: toCredits(row.balance_after),
  heldAfter: toCredits(row.held_after),
  allocations: JSON.parse(row.shares) as Entry["allocations"],
  expiredOnReturn: toCredits(row.lapsed),
  expiresAtMs: toNumberOrNull(row.expires_at_ms),
  createdAtMs: Number(row.created_at_ms),
  actor: row.actor ?? null,
  requestId: row.request_id ?? null,
});
