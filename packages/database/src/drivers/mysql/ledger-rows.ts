import { type AccountId, accountId, invariant } from "@jifen/core";
import { type AccountsRead, EXPIRATION_BATCH, type ReadSet, type Snapshot, type WriteSet } from "@jifen/ledger";
import {
  accountColumns,
  entryColumns,
  grantChange,
  grantColumns,
  holdChange,
  holdColumns,
} from "../../ledger/columns.ts";
import type { AccountRow, EntryRow, GrantRow, HoldRow } from "../../ledger/rows.ts";
import {
  distinctReads,
  type ExpirationRows,
  type Pair,
  SnapshotDraft,
  toAccountsRead,
} from "../../ledger/snapshot-draft.ts";
import type { Pool, PooledConnection } from "./pool.ts";
import {
  type Bulk,
  idList,
  idTable,
  insertInto,
  pairList,
  runBulk,
  selectByIds,
  selectByPairs,
  updateOf,
} from "./statements.ts";

const accountsById = selectByIds("accounts", accountColumns.names, { index: "PRIMARY", where: "t.id = named.id" });
const lockAccounts = `${accountsById} FOR UPDATE`;
/** SYSDATE is the time of its evaluation. NOW is the time when the statement began, which an index can be searched for. */
const selectNow = "SELECT CAST(FLOOR(UNIX_TIMESTAMP(SYSDATE(6)) * 1000) AS SIGNED) AS now_ms";
const openGrants = selectByIds("grants", grantColumns.names, {
  index: "grants_open",
  where: "t.account_id = named.id AND t.is_open = TRUE",
});
const transactionsByKey = selectByPairs("transactions", entryColumns.names, {
  index: "transactions_key",
  column: "idempotency_key",
});
const transactionsById = selectByPairs("transactions", entryColumns.names, {
  index: "transactions_id",
  column: "id",
});
const aboutCharges = selectByPairs("transactions", entryColumns.names, {
  index: "transactions_subject",
  column: "subject_id",
});
const holdsById = selectByPairs("holds", holdColumns.names, { index: "PRIMARY", column: "id" });
const grantsById = selectByPairs("grants", grantColumns.names, { index: "PRIMARY", column: "id" });
const expiredHolds = `SELECT ${holdColumns.names} FROM holds FORCE INDEX (holds_pending)
  WHERE account_id = ? AND state = 'pending' AND expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ${EXPIRATION_BATCH}`;
const otherHolds = `SELECT expires_at_ms AS due_ms FROM holds FORCE INDEX (holds_pending)
  WHERE account_id = ? AND state = 'pending' AND expires_at_ms > ?
    AND id NOT IN (SELECT named.id FROM ${idTable})
  ORDER BY expires_at_ms LIMIT 1`;
const expiredAccounts = `SELECT id FROM accounts FORCE INDEX (accounts_due)
  WHERE next_due_ms <= CAST(FLOOR(UNIX_TIMESTAMP(NOW(6)) * 1000) AS SIGNED) ORDER BY next_due_ms LIMIT ?`;

/** Accounts and their open grants in one statement, and so from one state. */
const accountsWithGrants = `SELECT STRAIGHT_JOIN ${accountColumns.names.replace(/\w+/g, "a.$&")},
    ${grantColumns.names.replace(/\w+/g, "g.$& AS g_$&")}
  FROM (${accountsById}) AS a LEFT JOIN grants AS g FORCE INDEX (grants_open) ON g.account_id = a.id AND g.is_open = TRUE`;

const writes = {
  accountsOpened: insertInto("accounts", accountColumns),
  accountsChanged: updateOf("accounts", accountColumns, 1),
  grantsAdded: insertInto("grants", grantColumns),
  grantsChanged: updateOf("grants", grantChange, 2),
  holdsAdded: insertInto("holds", holdColumns),
  holdsChanged: updateOf("holds", holdChange, 2),
  entries: insertInto("transactions", entryColumns),
} satisfies {
  readonly [Kind in Exclude<keyof WriteSet, "extraRows" | "extraChanges">]: Bulk<WriteSet[Kind][number]>;
};

type Row = { readonly [column: string]: unknown };

/** Reads rows by pairs of an account and another column. Sends nothing for an empty list. */
const byPairs = async <Row>(
  connection: PooledConnection,
  sql: string,
  pairs: readonly Pair[],
): Promise<readonly Row[]> => (pairs.length === 0 ? [] : connection.query<Row[]>(sql, [pairList(pairs)]));

/**
 * Locks the accounts in the order of their ids and reads the rest of the read set, in one round trip. A second round trip is
 * needed only when something has expired, or when credits may return to a closed grant. Every statement sees what was
 * committed before it began, and none begins before the accounts are locked: the statements are sent as text, because the
 * driver may reorder prepared statements and text statements.
 */
export async function lockAndRead(connection: PooledConnection, readSet: ReadSet): Promise<Snapshot> {
  const reads = distinctReads(readSet);
  const ids = idList(reads.accountIds);
  const [accounts, time, grants, byKey, byId, holds, charges, about] = await Promise.all([
    connection.query<AccountRow[]>(lockAccounts, [ids]),
    connection.query<{ now_ms: number }[]>(selectNow),
    connection.query<GrantRow[]>(openGrants, [ids]),
    byPairs<EntryRow>(connection, transactionsByKey, reads.keys),
    byPairs<EntryRow>(connection, transactionsById, reads.ownIds),
    byPairs<HoldRow>(connection, holdsById, reads.holds),
    byPairs<EntryRow>(connection, transactionsById, reads.charges),
    byPairs<EntryRow>(connection, aboutCharges, reads.charges),
  ]);
  const nowMs = Number(time[0]?.now_ms);
  const refunds = about.filter(({ kind }) => kind === "refund");
  const draft = new SnapshotDraft({ nowMs, accounts, grants, holds, executed: [...byKey, ...byId], charges, refunds });
  for (const id of draft.expiredAccounts())
    draft.addExpired(await readExpired(connection, id, { nowMs, shown: reads.holds }));
  draft.addGrants(await byPairs<GrantRow>(connection, grantsById, draft.closedGrants()));
  return draft.finish();
}

/** Reads the expired holds of an account. @param options.shown the holds that are read anyway */
async function readExpired(
  connection: PooledConnection,
  account: AccountId,
  { nowMs, shown }: { readonly nowMs: number; readonly shown: readonly Pair[] },
): Promise<ExpirationRows> {
  const shownIds = shown.filter(([id]) => id === account).map(([, id]) => id);
  const [holds, others] = await Promise.all([
    connection.query<HoldRow[]>(expiredHolds, [account, nowMs]),
    connection.query<{ due_ms: number }[]>(otherHolds, [account, nowMs, idList(shownIds)]),
  ]);
  return { holds, others: others.map(({ due_ms }) => ({ account_id: account, due_ms })) };
}

/**
 * Writes all rows of the ledger, without COMMIT. Waits for every answer even after a failure, because a statement that the
 * driver sends after ROLLBACK would run in the next transaction.
 * @throws InvariantError when a row to change does not exist
 */
export async function write(connection: PooledConnection, writeSet: WriteSet): Promise<void> {
  const kinds = Object.keys(writes) as (keyof typeof writes)[];
  const written = await Promise.allSettled(
    kinds.map(async (kind) => {
      const rows = writeSet[kind] as readonly never[];
      if (rows.length === 0) return;
      const found = await runBulk<never>(connection, writes[kind], rows);
      invariant(found === rows.length, `${rows.length} ${kind} were sent and ${found} rows were written`);
    }),
  );
  for (const each of written) if (each.status === "rejected") throw each.reason;
}

/** Reads accounts and their open grants. */
export async function readAccounts(pool: Pool, accountIds: readonly AccountId[]): Promise<AccountsRead> {
  const connection = await pool.getConnection();
  try {
    const [time, rows] = await Promise.all([
      connection.query<{ now_ms: number }[]>(selectNow),
      connection.query<Row[]>(accountsWithGrants, [idList([...new Set(accountIds)])]),
    ]);
    const accounts = new Map(rows.map((row) => [row["id"], row as AccountRow]));
    const grants = rows.filter((row) => row["g_id"] !== null).map(grantIn);
    return toAccountsRead(Number(time[0]?.now_ms), [...accounts.values()], grants);
  } finally {
    connection.release();
  }
}

const grantNames = grantColumns.names.split(", ");
const grantIn = (row: Row): GrantRow =>
  Object.fromEntries(grantNames.map((name) => [name, row[`g_${name}`]])) as unknown as GrantRow;

/** Finds the accounts with the earliest expiry in the past. */
export async function findExpired(pool: Pool, limit: number): Promise<readonly AccountId[]> {
  const rows = await pool.query<{ id: string }[]>(expiredAccounts, [limit]);
  return rows.map(({ id }) => accountId(id));
}
