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
  askedIds,
  type Bulk,
  idList,
  insertInto,
  pairList,
  runBulk,
  selectByIds,
  selectByPairs,
  updateOf,
} from "./statements.ts";

const accountsById = selectByIds("accounts", accountColumns.names, { index: "PRIMARY", where: "t.id = asked.id" });
const lockAccounts = `${accountsById} FOR UPDATE`;
/** SYSDATE is the moment at which it is asked, NOW the one at which its statement began: an index can be searched for it. */
const selectNow = "SELECT CAST(FLOOR(UNIX_TIMESTAMP(SYSDATE(6)) * 1000) AS SIGNED) AS now_ms";
const openGrants = selectByIds("grants", grantColumns.names, {
  index: "grants_open",
  where: "t.account_id = asked.id AND t.is_open = TRUE",
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
const dueHolds = `SELECT ${holdColumns.names} FROM holds FORCE INDEX (holds_pending)
  WHERE account_id = ? AND state = 'pending' AND expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ${EXPIRATION_BATCH}`;
const otherHolds = `SELECT expires_at_ms AS due_ms FROM holds FORCE INDEX (holds_pending)
  WHERE account_id = ? AND state = 'pending' AND expires_at_ms > ?
    AND id NOT IN (SELECT asked.id FROM ${askedIds})
  ORDER BY expires_at_ms LIMIT 1`;
const dueAccounts = `SELECT id FROM accounts FORCE INDEX (accounts_due)
  WHERE next_due_ms <= CAST(FLOOR(UNIX_TIMESTAMP(NOW(6)) * 1000) AS SIGNED) ORDER BY next_due_ms LIMIT ?`;

/** Accounts and their open grants in one statement, and so as of one moment. */
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

/** Rows by pairs of account and something of it; not sent when nothing is asked for. */
const byPairs = async <Row>(
  connection: PooledConnection,
  sql: string,
  pairs: readonly Pair[],
): Promise<readonly Row[]> => (pairs.length === 0 ? [] : connection.query<Row[]>(sql, [pairList(pairs)]));

/**
 * Locks the accounts in id order, then reads what belongs to them, all in one flight; a second one is needed only when
 * something is due, or may come back to a grant that is used up. Every statement sees what was committed when it began,
 * and none begins before the locks are there: they are sent as text, because the driver may send what is prepared
 * before what is not yet.
 */
export async function lockAndRead(connection: PooledConnection, readSet: ReadSet): Promise<Snapshot> {
  const names = distinctReads(readSet);
  const ids = idList(names.accountIds);
  const [accounts, time, grants, byKey, byId, holds, charges, about] = await Promise.all([
    connection.query<AccountRow[]>(lockAccounts, [ids]),
    connection.query<{ now_ms: number }[]>(selectNow),
    connection.query<GrantRow[]>(openGrants, [ids]),
    byPairs<EntryRow>(connection, transactionsByKey, names.keys),
    byPairs<EntryRow>(connection, transactionsById, names.ownIds),
    byPairs<HoldRow>(connection, holdsById, names.holds),
    byPairs<EntryRow>(connection, transactionsById, names.charges),
    byPairs<EntryRow>(connection, aboutCharges, names.charges),
  ]);
  const nowMs = Number(time[0]?.now_ms);
  const refunds = about.filter(({ kind }) => kind === "refund");
  const draft = new SnapshotDraft({ nowMs, accounts, grants, holds, executed: [...byKey, ...byId], charges, refunds });
  for (const id of draft.dueAccounts()) draft.addDue(await readDue(connection, id, { nowMs, shown: names.holds }));
  draft.addGrants(await byPairs<GrantRow>(connection, grantsById, draft.closedGrants()));
  return draft.finish();
}

/** What is due of an account. @param at.shown the holds that are shown anyway. */
async function readDue(
  connection: PooledConnection,
  account: AccountId,
  { nowMs, shown }: { readonly nowMs: number; readonly shown: readonly Pair[] },
): Promise<ExpirationRows> {
  const shownIds = shown.filter(([id]) => id === account).map(([, id]) => id);
  const [holds, others] = await Promise.all([
    connection.query<HoldRow[]>(dueHolds, [account, nowMs]),
    connection.query<{ due_ms: number }[]>(otherHolds, [account, nowMs, idList(shownIds)]),
  ]);
  return { holds, others: others.map(({ due_ms }) => ({ account_id: account, due_ms })) };
}

/**
 * Writes all rows, without COMMIT. Everything is answered when this is: what the driver sent later than ROLLBACK would
 * be part of the next transaction.
 * @throws InvariantError when one that changes is not there.
 */
export async function write(connection: PooledConnection, writeSet: WriteSet): Promise<void> {
  const kinds = Object.keys(writes) as (keyof typeof writes)[];
  const written = await Promise.allSettled(
    kinds.map(async (kind) => {
      const rows = writeSet[kind] as readonly never[];
      if (rows.length === 0) return;
      const found = await runBulk<never>(connection, writes[kind], rows);
      invariant(found === rows.length, `${rows.length} ${kind} were sent and ${found} are there`);
    }),
  );
  for (const each of written) if (each.status === "rejected") throw each.reason;
}

/** What accounts have, for whoever wants to know. */
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

/** The accounts that have been due for longest. */
export async function findDue(pool: Pool, limit: number): Promise<readonly AccountId[]> {
  const rows = await pool.query<{ id: string }[]>(dueAccounts, [limit]);
  return rows.map(({ id }) => accountId(id));
}
