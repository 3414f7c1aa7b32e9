import { type AccountId, invariant } from "@jifen/core";
import { type AccountsRead, EXPIRATION_BATCH, type Snapshot, type WriteSet } from "@jifen/ledger";
import type pg from "pg";
import {
  accountChange,
  accountColumns,
  entryColumns,
  grantChange,
  grantColumns,
  holdChange,
  holdColumns,
} from "../../ledger/columns.ts";
import type { AccountRow, EntryRow, GrantRow, HoldRow } from "../../ledger/rows.ts";
import {
  type DistinctReads,
  type ExpirationRows,
  type Pair,
  SnapshotDraft,
  toAccountsRead,
} from "../../ledger/snapshot-draft.ts";
import { combineWrites, fillBulk, insertInto, now, type Prepared, selectByPairs, updateOf } from "./bulk.ts";

/** The isolation level is explicit: after the wait for a lock, the next statement must see what was committed by then. */
export const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED";

const lockAccounts: Prepared = {
  name: "lock-accounts",
  text: `SELECT ${accountColumns.names} FROM accounts WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`,
};
const selectNow: Prepared = { name: "now", text: `SELECT ${now} AS now_ms` };
const openGrants: Prepared = {
  name: "open-grants",
  text: `SELECT ${grantColumns.names} FROM grants WHERE account_id = ANY($1::text[]) AND is_open`,
};
const transactionsByKey = selectByPairs("transactions", entryColumns.names, "idempotency_key");
const holdsById = selectByPairs("holds", holdColumns.names, "id");
const transactionsById = selectByPairs("transactions", entryColumns.names, "id");
const aboutCharges = selectByPairs("transactions", entryColumns.names, "subject_id");
const grantsById = selectByPairs("grants", grantColumns.names, "id");
const expiredHolds: Prepared = {
  name: "expired-holds",
  text: `SELECT due.* FROM unnest($1::text[]) AS named (account_id) CROSS JOIN LATERAL (
      SELECT ${holdColumns.names} FROM holds
      WHERE account_id = named.account_id AND state = 'pending' AND expires_at_ms <= $2
      ORDER BY expires_at_ms LIMIT ${EXPIRATION_BATCH}) AS due`,
};
const otherHolds: Prepared = {
  name: "other-holds",
  text: `SELECT account_id, min(expires_at_ms) AS due_ms FROM holds
    WHERE account_id = ANY($1::text[]) AND state = 'pending' AND expires_at_ms > $2 AND NOT EXISTS (
      SELECT FROM unnest($3::text[], $4::text[]) AS shown (account_id, id)
      WHERE shown.account_id = holds.account_id AND shown.id = holds.id)
    GROUP BY account_id`,
};
const accountsWithGrants: Prepared = {
  name: "accounts-with-grants",
  text: `SELECT clock.now_ms, ${accountColumns.names.replace(/\w+/g, "a.$&")}, ${grantColumns.names.replace(/\w+/g, "g.$&")}
    FROM (SELECT ${now} AS now_ms) AS clock
    LEFT JOIN accounts a ON a.id = ANY($1::text[]) LEFT JOIN grants g ON g.account_id = a.id AND g.is_open`,
};
const expiredAccounts: Prepared = {
  name: "expired-accounts",
  text: `SELECT id FROM accounts WHERE next_due_ms <= ${now} ORDER BY next_due_ms LIMIT $1`,
};

const openAccounts = insertInto("A", "accounts", accountColumns);
const changeAccounts = updateOf("a", accountChange, {
  table: "accounts",
  keyColumns: 3,
  where: `old.id = new.id AND old.sequence = new.sequence_before
    AND old.next_due_ms IS NOT DISTINCT FROM new.due_before`,
});
const addGrants = insertInto("G", "grants", grantColumns);
const changeGrants = updateOf("g", grantChange, {
  table: "grants",
  where: "old.account_id = new.account_id AND old.id = new.id",
});
const addHolds = insertInto("H", "holds", holdColumns);
const changeHolds = updateOf("h", holdChange, {
  table: "holds",
  where: "old.account_id = new.account_id AND old.id = new.id",
});
const addTransactions = insertInto("T", "transactions", entryColumns);

const rowsOf = async <Row extends pg.QueryResultRow>(
  client: pg.ClientBase | pg.Pool,
  statement: Prepared,
  values: readonly unknown[],
): Promise<readonly Row[]> => (await client.query<Row>({ ...statement, values: [...values] })).rows;

/** Pairs as two arrays of one length. */
const unzipped = (pairs: readonly Pair[]): [string[], string[]] => [
  pairs.map(([id]) => id),
  pairs.map(([, other]) => other),
];

/** Reads rows by pairs of an account and another column. Sends nothing for an empty list. */
const byPairs = async <Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  statement: Prepared,
  pairs: readonly Pair[],
): Promise<readonly Row[]> => (pairs.length === 0 ? [] : rowsOf<Row>(client, statement, unzipped(pairs)));

/**
 * Begins a transaction, locks the accounts in the order of their ids and reads the rest of the read set, in one round trip.
 * A second round trip is needed only when something has expired, or when credits may return to a closed grant.
 */
export async function readPessimistically(client: pg.PoolClient, reads: DistinctReads): Promise<Snapshot> {
  const [, accounts, time, grants, belonging] = await Promise.all([
    client.query(BEGIN),
    rowsOf<AccountRow>(client, lockAccounts, [reads.accountIds]),
    rowsOf<{ now_ms: string }>(client, selectNow, []),
    rowsOf<GrantRow>(client, openGrants, [reads.accountIds]),
    readNamed(client, reads),
  ]);
  const nowMs = Number(time[0]?.now_ms);
  const draft = new SnapshotDraft({ nowMs, accounts, grants, ...belonging });
  const expired = draft.expiredAccounts();
  if (expired.length > 0) draft.addExpired(await readExpired(client, [expired, nowMs, ...unzipped(reads.holds)]));
  draft.addGrants(await byPairs<GrantRow>(client, grantsById, draft.closedGrants()));
  return draft.finish();
}

/**
 * Reads without locks. Accounts and their grants are of one state; the rows that are read after them may be newer. So a key
 * that another process has used meanwhile is found, and an account that it has changed meanwhile fails the condition of the
 * write.
 * @returns undefined when something has expired: that needs locks
 */
export async function readOptimistically(client: pg.ClientBase, reads: DistinctReads): Promise<Snapshot | undefined> {
  const [joined, belonging] = await Promise.all([joinedRows(client, reads.accountIds), readNamed(client, reads)]);
  const draft = new SnapshotDraft({ ...joined, ...belonging });
  if (draft.expiredAccounts().length > 0) return undefined;
  draft.addGrants(await byPairs<GrantRow>(client, grantsById, draft.closedGrants()));
  return draft.finish();
}

/** Reads what is named beside the accounts. */
async function readNamed(client: pg.ClientBase, { keys, ownIds, holds, charges }: DistinctReads) {
  const [byKey, byId, named, charged, about] = await Promise.all([
    byPairs<EntryRow>(client, transactionsByKey, keys),
    byPairs<EntryRow>(client, transactionsById, ownIds),
    byPairs<HoldRow>(client, holdsById, holds),
    byPairs<EntryRow>(client, transactionsById, charges),
    byPairs<EntryRow>(client, aboutCharges, charges),
  ]);
  const refunds = about.filter(({ kind }) => kind === "refund");
  return { executed: [...byKey, ...byId], holds: named, charges: charged, refunds };
}

/** @param parameters the accounts with something expired, the time, and the holds that are read anyway, as two arrays */
async function readExpired(
  client: pg.ClientBase,
  parameters: readonly [readonly AccountId[], number, string[], string[]],
): Promise<ExpirationRows> {
  const [holds, others] = await Promise.all([
    rowsOf<HoldRow>(client, expiredHolds, parameters.slice(0, 2)),
    rowsOf<ExpirationRows["others"][number]>(client, otherHolds, parameters),
  ]);
  return { holds, others };
}

/**
 * All rows of the ledger in one statement. It fails when an account row no longer has the sequence number and the expiry of
 * the snapshot. Accounts are written in the order of their ids, so that two processes cannot deadlock.
 */
export function writeOf(writeSet: WriteSet, { accounts }: Snapshot): pg.QueryConfig {
  const changed = writeSet.accountsChanged
    .map((account) => {
      const before = accounts.get(account.id)?.account;
      invariant(before !== undefined, `the account ${account.id} is changed and was not read`);
      return { account, before };
    })
    .toSorted((one, other) => (one.account.id < other.account.id ? -1 : 1));
  const writes = [
    ...fillBulk(openAccounts, writeSet.accountsOpened),
    ...fillBulk(changeAccounts, changed),
    ...fillBulk(addGrants, writeSet.grantsAdded),
    ...fillBulk(changeGrants, writeSet.grantsChanged),
    ...fillBulk(addHolds, writeSet.holdsAdded),
    ...fillBulk(changeHolds, writeSet.holdsChanged),
    ...fillBulk(addTransactions, writeSet.entries),
  ];
  return combineWrites(writes);
}

type Cells = readonly (string | null)[];

const accountNames = accountColumns.names.split(", ");
const grantNames = grantColumns.names.split(", ");

/** The row whose first cell is at `from`. */
function named<Row>(names: readonly string[], cells: Cells, from: number): Row {
  const row: Record<string, string | null | undefined> = {};
  for (let index = 0; index < names.length; index += 1) row[names[index] as string] = cells[from + index];
  return row as Row;
}

/** Reads accounts and their open grants in one statement, and so from one state. */
async function joinedRows(client: pg.ClientBase | pg.Pool, accountIds: readonly AccountId[]) {
  const { rows } = await client.query<Cells & unknown[]>({
    ...accountsWithGrants,
    values: [accountIds],
    rowMode: "array",
  });
  const accounts = new Map<string, AccountRow>();
  const grants: GrantRow[] = [];
  for (const cells of rows) {
    const id = cells[1];
    if (id === null || id === undefined) continue;
    if (!accounts.has(id)) accounts.set(id, named(accountNames, cells, 1));
    if (cells[1 + accountNames.length] !== null) grants.push(named(grantNames, cells, 1 + accountNames.length));
  }
  return { nowMs: Number(rows[0]?.[0]), accounts: [...accounts.values()], grants };
}

/** Reads accounts and their open grants. */
export async function readAccounts(pool: pg.Pool, accountIds: readonly AccountId[]): Promise<AccountsRead> {
  const { nowMs, accounts, grants } = await joinedRows(pool, accountIds);
  return toAccountsRead(nowMs, accounts, grants);
}

/** Finds the accounts with the earliest expiry in the past. */
export async function findExpired(pool: pg.Pool, limit: number): Promise<readonly AccountId[]> {
  return (await rowsOf<{ id: AccountId }>(pool, expiredAccounts, [limit])).map(({ id }) => id);
}
