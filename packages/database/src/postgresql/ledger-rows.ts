import { type Changes, invariant, type Needs, type Snapshot } from "@jifen/ledger";
import type pg from "pg";
import {
  type AccountRow,
  type GrantRow,
  grantColumns,
  grantValues,
  type TransactionRow,
  transactionColumns,
  transactionValues,
} from "../rows.ts";
import { accountsToLock, toSnapshot } from "../snapshot.ts";

/** Rows to one array per column, as `unnest` takes them. */
const columnsOf = (rows: readonly (readonly unknown[])[]): unknown[][] =>
  (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]));

const selectAccounts = `SELECT id, balance, held, sequence FROM accounts WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`;

const selectGrants = `SELECT ${grantColumns} FROM grants WHERE account_id = ANY($1::text[]) AND remaining > 0`;

const selectEarlier = `
  SELECT ${transactionColumns
    .split(", ")
    .map((column) => `t.${column}`)
    .join(", ")}
  FROM unnest($1::text[], $2::text[]) AS asked (account_id, idempotency_key)
  JOIN transactions t ON t.account_id = asked.account_id AND t.idempotency_key = asked.idempotency_key`;

const selectNow = `SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms`;

const insertAccounts = `
  INSERT INTO accounts (id, balance, held, sequence)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])`;

const updateAccounts = `
  UPDATE accounts SET balance = t.balance, held = t.held, sequence = t.sequence
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) AS t (id, balance, held, sequence)
  WHERE accounts.id = t.id`;

const insertGrants = `
  INSERT INTO grants (${grantColumns})
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::integer[], $7::bigint[])`;

const updateGrants = `
  UPDATE grants SET remaining = t.remaining
  FROM unnest($1::text[], $2::text[], $3::bigint[]) AS t (account_id, id, remaining)
  WHERE grants.account_id = t.account_id AND grants.id = t.id`;

const insertTransactions = `
  INSERT INTO transactions (${transactionColumns})
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::bigint[])`;

/**
 * Begins a transaction, locks the accounts in id order, then reads what belongs to them, all in one flight. Whatever
 * the database's own default, the level is READ COMMITTED: after the wait for a lock, the next statement must see
 * what was committed by then.
 */
export async function beginAndRead(client: pg.PoolClient, needs: Needs): Promise<Snapshot> {
  const ids = accountsToLock(needs);
  const keys = [needs.keys.map((key) => key.accountId), needs.keys.map((key) => key.idempotencyKey)];
  const [, accounts, grants, earlier, now] = await Promise.all([
    client.query("BEGIN ISOLATION LEVEL READ COMMITTED"),
    client.query<AccountRow>({ name: "lock-accounts", text: selectAccounts, values: [ids] }),
    client.query<GrantRow>({ name: "open-grants", text: selectGrants, values: [ids] }),
    client.query<TransactionRow>({ name: "earlier", text: selectEarlier, values: keys }),
    client.query<{ now_ms: string }>({ name: "now", text: selectNow }),
  ]);
  return toSnapshot({
    nowMs: Number(now.rows[0]?.now_ms),
    accounts: accounts.rows,
    grants: grants.rows,
    transactions: earlier.rows,
  });
}

/** Writes the rows in bulk, one statement per kind of row, in one flight. */
export async function writeChanges(client: pg.PoolClient, changes: Changes): Promise<void> {
  const accountValues = ({ id, balance, held, sequence }: Changes["accountsOpened"][number]) => [
    id,
    balance,
    held,
    sequence,
  ];
  const write = async (name: string, text: string, rows: readonly (readonly unknown[])[]) => {
    if (rows.length === 0) return;
    const { rowCount } = await client.query({ name, text, values: columnsOf(rows) });
    invariant(rowCount === rows.length, `${name} touched ${rowCount} rows, not ${rows.length}`);
  };
  const grantsChanged = changes.grantsChanged.map(({ accountId, id, remaining }) => [accountId, id, remaining]);
  await Promise.all([
    write("open-accounts", insertAccounts, changes.accountsOpened.map(accountValues)),
    write("change-accounts", updateAccounts, changes.accountsChanged.map(accountValues)),
    write("add-grants", insertGrants, changes.grantsAdded.map(grantValues)),
    write("change-grants", updateGrants, grantsChanged),
    write("add-transactions", insertTransactions, changes.transactions.map(transactionValues)),
  ]);
}
