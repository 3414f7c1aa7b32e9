import {
  type Account,
  accountId,
  credits,
  type Grant,
  type GrantSource,
  grantId,
  grantSources,
  idempotencyKey,
  invariant,
  type Transaction,
  type TransactionKind,
  transactionId,
  transactionKinds,
} from "@jifen/ledger";

/** A 64-bit integer as drivers give it: a number, a bigint, or decimal text. */
type Integer = number | bigint | string;

/** An account as SQL returns it, column by column. */
export type AccountRow = { id: string; balance: Integer; held: Integer; sequence: Integer };

/** A grant as SQL returns it. */
export type GrantRow = {
  account_id: string;
  id: string;
  source: string;
  amount: Integer;
  remaining: Integer;
  priority: number;
  created_at_ms: Integer;
};

/** A transaction as SQL returns it. `shares` is JSON text. */
export type TransactionRow = {
  account_id: string;
  sequence: Integer;
  id: string;
  idempotency_key: string;
  kind: string;
  amount: Integer;
  action: string;
  metadata: string | null;
  debit: string;
  credit: string;
  balance_after: Integer;
  held_after: Integer;
  shares: string;
  created_at_ms: Integer;
};

function oneOf<Known extends string>(known: readonly Known[], text: string): Known {
  const found = known.find((each) => each === text);
  invariant(found !== undefined, `the database holds "${text}", which is none of ${known.join(", ")}`);
  return found;
}

/** Row to account. @throws RangeError when a number is not a whole number of credits. */
export const toAccount = (row: AccountRow): Account => ({
  id: accountId(row.id),
  balance: credits(Number(row.balance)),
  held: credits(Number(row.held)),
  sequence: Number(row.sequence),
});

/** Row to grant. */
export const toGrant = (row: GrantRow): Grant => ({
  id: grantId(row.id),
  accountId: accountId(row.account_id),
  source: oneOf<GrantSource>(grantSources, row.source),
  amount: credits(Number(row.amount)),
  remaining: credits(Number(row.remaining)),
  priority: row.priority,
  createdAtMs: Number(row.created_at_ms),
});

/** Row to transaction. */
export const toTransaction = (row: TransactionRow): Transaction => ({
  id: transactionId(row.id),
  accountId: accountId(row.account_id),
  sequence: Number(row.sequence),
  idempotencyKey: idempotencyKey.stored(row.idempotency_key),
  kind: oneOf<TransactionKind>(transactionKinds, row.kind),
  amount: credits(Number(row.amount)),
  action: row.action,
  metadata: row.metadata,
  debit: row.debit as Transaction["debit"],
  credit: row.credit as Transaction["credit"],
  balanceAfter: credits(Number(row.balance_after)),
  heldAfter: credits(Number(row.held_after)),
  shares: JSON.parse(row.shares) as Transaction["shares"],
  createdAtMs: Number(row.created_at_ms),
});

/** Grant to its columns, in the order of `grantColumns`. */
export const grantValues = (grant: Grant) =>
  [grant.accountId, grant.id, grant.source, grant.amount, grant.remaining, grant.priority, grant.createdAtMs] as const;

/** The columns of grants, in the order of `grantValues`. */
export const grantColumns = "account_id, id, source, amount, remaining, priority, created_at_ms";

/** Transaction to its columns, in the order of `transactionColumns`. */
export const transactionValues = (transaction: Transaction) =>
  [
    transaction.accountId,
    transaction.sequence,
    transaction.id,
    transaction.idempotencyKey,
    transaction.kind,
    transaction.amount,
    transaction.action,
    transaction.metadata,
    transaction.debit,
    transaction.credit,
    transaction.balanceAfter,
    transaction.heldAfter,
    JSON.stringify(transaction.shares),
    transaction.createdAtMs,
  ] as const;

/** The columns of transactions, in the order of `transactionValues`. */
export const transactionColumns =
  "account_id, sequence, id, idempotency_key, kind, amount, action, metadata, debit, credit, balance_after, held_after, shares, created_at_ms";
