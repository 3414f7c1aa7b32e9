import type { AccountId, AccountsRead, Changes, Needs, Snapshot } from "@jifen/ledger";
import type pg from "pg";
import { accountColumns, grantChange, grantColumns, holdChange, holdColumns, transactionColumns } from "../columns.ts";
import type { AccountRow, GrantRow, HoldRow, TransactionRow } from "../rows.ts";
import { type DueRows, namedBy, type Pair, SnapshotDraft, toAccountsRead } from "../snapshot.ts";
import { filled, insertInto, type Prepared, selectByPairs, updateOf } from "./bulk.ts";

const lockAccounts: Prepared = {
  name: "lock-accounts",
  text: `SELECT ${accountColumns.names} FROM accounts WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`,
};
const now = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
const selectNow: Prepared = { name: "now", text: `SELECT ${now} AS now_ms` };
const openGrants: Prepared = {
  name: "open-grants",
  text: `SELECT ${grantColumns.names} FROM grants WHERE account_id = ANY($1::text[]) AND is_open`,
};
const transactionsByKey = selectByPairs("transactions", transactionColumns.names, "idempotency_key");
const holdsById = selectByPairs("holds", holdColumns.names, "id");
const transactionsById = selectByPairs("transactions", transactionColumns.names, "id");
const aboutCharges = selectByPairs("transactions", transactionColumns.names, "subject_id");
const grantsById = selectByPairs("grants", grantColumns.names, "id");
const dueHolds: Prepared = {
  name: "due-holds",
  text: `SELECT ${holdColumns.names} FROM holds
    WHERE account_id = ANY($1::text[]) AND state = 'pending' AND expires_at_ms <= $2`,
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
  text: `SELECT clock.now_ms,
      ${accountColumns.names.replace(/\w+/g, "a.$& AS a_$&")}, ${grantColumns.names.replace(/\w+/g, "g.$& AS g_$&")}
    FROM (SELECT ${now} AS now_ms) AS clock
    LEFT JOIN accounts a ON a.id = ANY($1::text[]) LEFT JOIN grants g ON g.account_id = a.id AND g.is_open`,
};
const dueAccounts: Prepared = {
  name: "due-accounts",
  text: `SELECT id FROM accounts WHERE next_due_ms <= ${now} ORDER BY next_due_ms LIMIT $1`,
};

const openAccounts = insertInto("accounts", accountColumns);
const changeAccounts = updateOf("accounts", accountColumns, 1);
const addGrants = insertInto("grants", grantColumns);
const changeGrants = updateOf("grants", grantChange, 2);
const addHolds = insertInto("holds", holdColumns);
const changeHolds = updateOf("holds", holdChange, 2);
const addTransactions = insertInto("transactions", transactionColumns);

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
 * one is needed only when something is due, or may come back to a grant that is used up. Whatever the database's own
 * default, the level is READ COMMITTED: after the wait for a lock, the next statement must see what was committed by
 * then.
 */
export async function beginAndRead(client: pg.PoolClient, needs: Needs): Promise<Snapshot> {
  const { accountIds: ids, keys, ownIds, holds, charges } = namedBy(needs);
  const [, accounts, time, grants, byKey, byId, named, charged, about] = await Promise.all([
    client.query("BEGIN ISOLATION LEVEL READ COMMITTED"),
    rowsOf<AccountRow>(client, lockAccounts, [ids]),
    rowsOf<{ now_ms: string }>(client, selectNow, []),
    rowsOf<GrantRow>(client, openGrants, [ids]),
    byPairs<TransactionRow>(client, transactionsByKey, keys),
    byPairs<TransactionRow>(client, transactionsById, ownIds),
    byPairs<HoldRow>(client, holdsById, holds),
    byPairs<TransactionRow>(client, transactionsById, charges),
    byPairs<TransactionRow>(client, aboutCharges, charges),
  ]);
  const refunds = about.filter(({ kind }) => kind === "refund");
  const nowMs = Number(time[0]?.now_ms);
  const earlier = [...byKey, ...byId];
  const draft = new SnapshotDraft({ nowMs, accounts, grants, earlier, holds: named, charges: charged, refunds });
  const due = draft.dueAccounts();
  if (due.length > 0) draft.addDue(await readDue(client, [due, nowMs, ...unzipped(holds)]));
  draft.addGrants(await byPairs<GrantRow>(client, grantsById, draft.closedGrants()));
  return draft.finish();
}

/** @param of the accounts that are due, the time, and the holds that are shown anyway. */
async function readDue(
  client: pg.ClientBase,
  of: readonly [readonly AccountId[], number, string[], string[]],
): Promise<DueRows> {
  const [holds, others] = await Promise.all([
    rowsOf<HoldRow>(client, dueHolds, of.slice(0, 2)),
    rowsOf<DueRows["others"][number]>(client, otherHolds, of),
  ]);
  return { holds, others };
}

/** The rows in bulk, one statement for each kind of row that there is. */
export const writesOf = (changes: Changes): readonly pg.QueryConfig[] => [
  ...filled(openAccounts, changes.accountsOpened),
  ...filled(changeAccounts, changes.accountsChanged),
  ...filled(addGrants, changes.grantsAdded),
  ...filled(changeGrants, changes.grantsChanged),
  ...filled(addHolds, changes.holdsAdded),
  ...filled(changeHolds, changes.holdsChanged),
  ...filled(addTransactions, changes.transactions),
];

type JoinedRow = Readonly<Record<string, string | null>>;

/** The part of a joined row that has `prefix` before its names. */
const part = <Row>(row: JoinedRow, prefix: string): Row =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  ) as Row;

/** Accounts and what is left in their grants, in one statement and so as of one moment. */
export async function readAccounts(pool: pg.Pool, accountIds: readonly AccountId[]): Promise<AccountsRead> {
  const rows = await rowsOf<JoinedRow>(pool, accountsWithGrants, [accountIds]);
  const ofAccounts = rows.filter((row) => row["a_id"] !== null);
  const accounts = new Map(ofAccounts.map((row) => [row["a_id"], part<AccountRow>(row, "a_")]));
  const grants = ofAccounts.filter((row) => row["g_id"] !== null).map((row) => part<GrantRow>(row, "g_"));
  return toAccountsRead(Number(rows[0]?.["now_ms"]), [...accounts.values()], grants);
}

/** The accounts that have been due for longest. */
export async function findDue(pool: pg.Pool, limit: number): Promise<readonly AccountId[]> {
  return (await rowsOf<{ id: AccountId }>(pool, dueAccounts, [limit])).map(({ id }) => id);
}
