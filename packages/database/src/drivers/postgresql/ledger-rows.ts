import { type AccountId, invariant } from "@jifen/core";
import { type AccountState, type AccountsRead, EXPIRATION_BATCH, type Snapshot, type WriteSet } from "@jifen/ledger";
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
import type { CachedAccounts } from "./account-cache.ts";
import { filled, insertInto, now, type Prepared, selectByPairs, together, updateOf } from "./bulk.ts";

/** Whatever the database's own default: after the wait for a lock, the next statement must see what was committed by then. */
const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED";

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
const dueHolds: Prepared = {
  name: "due-holds",
  text: `SELECT due.* FROM unnest($1::text[]) AS asked (account_id) CROSS JOIN LATERAL (
      SELECT ${holdColumns.names} FROM holds
      WHERE account_id = asked.account_id AND state = 'pending' AND expires_at_ms <= $2
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
const dueAccounts: Prepared = {
  name: "due-accounts",
  text: `SELECT id FROM accounts WHERE next_due_ms <= ${now} ORDER BY next_due_ms LIMIT $1`,
};

const openAccounts = insertInto("A", "accounts", accountColumns);
const changeAccounts = updateOf("a", accountChange, {
  table: "accounts",
  finding: 3,
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

/** Rows by pairs of account and something of it; not sent when nothing is asked for. */
const byPairs = async <Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  statement: Prepared,
  pairs: readonly Pair[],
): Promise<readonly Row[]> => (pairs.length === 0 ? [] : rowsOf<Row>(client, statement, unzipped(pairs)));

/**
 * Begins a transaction, locks the accounts in id order, then reads what belongs to them, all in one flight; a second
 * one is needed only when something is due, or may come back to a grant that is used up.
 */
export async function readPessimistically(client: pg.PoolClient, names: DistinctReads): Promise<Snapshot> {
  const [, accounts, time, grants, belonging] = await Promise.all([
    client.query(BEGIN),
    rowsOf<AccountRow>(client, lockAccounts, [names.accountIds]),
    rowsOf<{ now_ms: string }>(client, selectNow, []),
    rowsOf<GrantRow>(client, openGrants, [names.accountIds]),
    readNamed(client, names),
  ]);
  const nowMs = Number(time[0]?.now_ms);
  const draft = new SnapshotDraft({ nowMs, accounts, grants, ...belonging });
  const due = draft.dueAccounts();
  if (due.length > 0) draft.addDue(await readDue(client, [due, nowMs, ...unzipped(names.holds)]));
  draft.addGrants(await byPairs<GrantRow>(client, grantsById, draft.closedGrants()));
  return draft.finish();
}

/**
 * Reads without locks. Accounts and their grants are as of one moment; what is read after them may be newer, which is
 * why they come first: a key that somebody has used meanwhile is found, and an account that somebody has changed
 * meanwhile has another number when it comes to writing. When all accounts are recalled, and nothing else was named but
 * keys, nothing is read: a key that was used before refuses the write.
 * @returns nothing when something is due: that is for those who have the locks.
 */
export async function readOptimistically(
  client: pg.ClientBase,
  names: DistinctReads,
  recalled: CachedAccounts | undefined,
): Promise<Snapshot | undefined> {
  const known = recalled?.states ?? [];
  const unknown = known.length === 0 ? names.accountIds : without(names.accountIds, known);
  if (recalled && unknown.length === 0 && names.holds.length === 0 && names.charges.length === 0) {
    const accounts = new Map(known.map((state) => [state.account.id, state]));
    return { nowMs: recalled.nowMs, accounts, executed: [], charges: [] };
  }
  const [joined, belonging] = await Promise.all([
    recalled && unknown.length === 0
      ? { nowMs: recalled.nowMs, accounts: [], grants: [] }
      : joinedRows(client, unknown),
    readNamed(client, names),
  ]);
  const draft = new SnapshotDraft({ ...joined, ...belonging }, known);
  if (draft.dueAccounts().length > 0) return undefined;
  draft.addGrants(await byPairs<GrantRow>(client, grantsById, draft.closedGrants()));
  return draft.finish();
}

function without(ids: readonly AccountId[], known: readonly AccountState[]): readonly AccountId[] {
  const left = new Set(ids);
  for (const { account } of known) left.delete(account.id);
  return [...left];
}

/** What was named beside the accounts. */
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

/** @param of the accounts that are due, the time, and the holds that are shown anyway. */
async function readDue(
  client: pg.ClientBase,
  of: readonly [readonly AccountId[], number, string[], string[]],
): Promise<ExpirationRows> {
  const [holds, others] = await Promise.all([
    rowsOf<HoldRow>(client, dueHolds, of.slice(0, 2)),
    rowsOf<ExpirationRows["others"][number]>(client, otherHolds, of),
  ]);
  return { holds, others };
}

/**
 * All rows in one statement. It fails when the row of an account no longer has the number that the snapshot showed, or is
 * due at another moment. Accounts go in the order of their ids, so that two processes cannot each wait for the other.
 * @param aroundMs as in `together`.
 */
export function writeOf(writeSet: WriteSet, { accounts }: Snapshot, aroundMs?: number): pg.QueryConfig {
  const changed = writeSet.accountsChanged
    .map((account) => {
      const before = accounts.get(account.id)?.account;
      invariant(before !== undefined, `the account ${account.id} changes and was not shown`);
      return { account, before };
    })
    .toSorted((one, other) => (one.account.id < other.account.id ? -1 : 1));
  const writes = [
    ...filled(openAccounts, writeSet.accountsOpened),
    ...filled(changeAccounts, changed),
    ...filled(addGrants, writeSet.grantsAdded),
    ...filled(changeGrants, writeSet.grantsChanged),
    ...filled(addHolds, writeSet.holdsAdded),
    ...filled(changeHolds, writeSet.holdsChanged),
    ...filled(addTransactions, writeSet.entries),
  ];
  return together(writes, aroundMs);
}

type Cells = readonly (string | null)[];

const accountNames = accountColumns.names.split(", ");
const grantNames = grantColumns.names.split(", ");

/** The cells of a row from `from` on, by their names. */
function named<Row>(names: readonly string[], cells: Cells, from: number): Row {
  const row: Record<string, string | null | undefined> = {};
  for (let index = 0; index < names.length; index += 1) row[names[index] as string] = cells[from + index];
  return row as Row;
}

/** Accounts and what is left in their grants, in one statement and so as of one moment. */
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

/** What accounts have, for whoever wants to know. */
export async function readAccounts(pool: pg.Pool, accountIds: readonly AccountId[]): Promise<AccountsRead> {
  const { nowMs, accounts, grants } = await joinedRows(pool, accountIds);
  return toAccountsRead(nowMs, accounts, grants);
}

/** The accounts that have been due for longest. */
export async function findDue(pool: pg.Pool, limit: number): Promise<readonly AccountId[]> {
  return (await rowsOf<{ id: AccountId }>(pool, dueAccounts, [limit])).map(({ id }) => id);
}
