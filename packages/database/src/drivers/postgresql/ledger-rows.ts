import { type AccountId, invariant } from "@jifen/core";
import type { AccountsRead, Snapshot, WriteSet } from "@jifen/ledger";
import type pg from "pg";
import { accountColumns, grantColumns } from "../../ledger/columns.ts";
import type { AccountRow, EntryRow, GrantRow, HoldRow } from "../../ledger/rows.ts";
import {
  type DistinctReads,
  type ExpirationRows,
  type Pair,
  SnapshotDraft,
  toAccountsRead,
} from "../../ledger/snapshot-draft.ts";
import { fillBulk, type Prepared } from "./bulk.ts";
import type { LedgerStatements } from "./ledger-statements.ts";

/** The isolation level is explicit: after the wait for a lock, the next statement must see what was committed by then. */
export const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED";

/** Where the rows of a ledger are: the connections to their server, and the statements on their tables. */
export type LedgerSite = { readonly pool: pg.Pool; readonly statements: LedgerStatements };

/** One connection of a site. */
export type Session = { readonly client: pg.PoolClient; readonly statements: LedgerStatements };

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
export async function readPessimistically({ client, statements }: Session, reads: DistinctReads): Promise<Snapshot> {
  const of = statements.reads;
  const [, , accounts, time, grants, belonging] = await Promise.all([
    client.query(BEGIN),
    of.guard && rowsOf(client, of.guard, []),
    rowsOf<AccountRow>(client, of.lockAccounts, [reads.accountIds]),
    rowsOf<{ now_ms: string }>(client, of.now, []),
    rowsOf<GrantRow>(client, of.openGrants, [reads.accountIds]),
    readNamed({ client, statements }, reads),
  ]);
  const nowMs = Number(time[0]?.now_ms);
  const draft = new SnapshotDraft({ nowMs, accounts, grants, ...belonging });
  const expired = draft.expiredAccounts();
  if (expired.length > 0)
    draft.addExpired(await readExpired({ client, statements }, [expired, nowMs, ...unzipped(reads.holds)]));
  draft.addGrants(await byPairs<GrantRow>(client, of.grantsById, draft.closedGrants()));
  return draft.finish();
}

/**
 * Reads without locks. Accounts and their grants are of one state; the rows that are read after them may be newer. So a key
 * that another process has used meanwhile is found, and an account that it has changed meanwhile fails the condition of the
 * write.
 * @returns undefined when something has expired: that needs locks
 */
export async function readOptimistically(session: Session, reads: DistinctReads): Promise<Snapshot | undefined> {
  const { client, statements } = session;
  const [joined, belonging] = await Promise.all([
    joinedRows(client, statements, reads.accountIds),
    readNamed(session, reads),
  ]);
  const draft = new SnapshotDraft({ ...joined, ...belonging });
  if (draft.expiredAccounts().length > 0) return undefined;
  draft.addGrants(await byPairs<GrantRow>(client, statements.reads.grantsById, draft.closedGrants()));
  return draft.finish();
}

/** Reads what is named beside the accounts. */
async function readNamed({ client, statements }: Session, { keys, ownIds, holds, charges }: DistinctReads) {
  const of = statements.reads;
  const [byKey, byId, named, charged, about] = await Promise.all([
    byPairs<EntryRow>(client, of.transactionsByKey, keys),
    byPairs<EntryRow>(client, of.transactionsById, ownIds),
    byPairs<HoldRow>(client, of.holdsById, holds),
    byPairs<EntryRow>(client, of.transactionsById, charges),
    byPairs<EntryRow>(client, of.aboutCharges, charges),
  ]);
  const refunds = about.filter(({ kind }) => kind === "refund");
  return { executed: [...byKey, ...byId], holds: named, charges: charged, refunds };
}

/** @param parameters the accounts with something expired, the time, and the holds that are read anyway, as two arrays */
async function readExpired(
  { client, statements }: Session,
  parameters: readonly [readonly AccountId[], number, string[], string[]],
): Promise<ExpirationRows> {
  const [holds, others] = await Promise.all([
    rowsOf<HoldRow>(client, statements.reads.expiredHolds, parameters.slice(0, 2)),
    rowsOf<ExpirationRows["others"][number]>(client, statements.reads.otherHolds, parameters),
  ]);
  return { holds, others };
}

/**
 * All rows of the ledger in one statement. It fails when an account row no longer has the sequence number and the expiry of
 * the snapshot. Accounts are written in the order of their ids, so that two processes cannot deadlock.
 */
export function writeOf(
  { writes: to, combineWrites }: LedgerStatements,
  writeSet: WriteSet,
  { accounts }: Snapshot,
): pg.QueryConfig {
  const changed = writeSet.accountsChanged
    .map((account) => {
      const before = accounts.get(account.id)?.account;
      invariant(before !== undefined, `the account ${account.id} is changed and was not read`);
      return { account, before };
    })
    .toSorted((one, other) => (one.account.id < other.account.id ? -1 : 1));
  const writes = [
    ...fillBulk(to.openAccounts, writeSet.accountsOpened),
    ...fillBulk(to.changeAccounts, changed),
    ...fillBulk(to.addGrants, writeSet.grantsAdded),
    ...fillBulk(to.changeGrants, writeSet.grantsChanged),
    ...fillBulk(to.addHolds, writeSet.holdsAdded),
    ...fillBulk(to.changeHolds, writeSet.holdsChanged),
    ...fillBulk(to.addTransactions, writeSet.entries),
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
async function joinedRows(
  client: pg.ClientBase | pg.Pool,
  { reads }: LedgerStatements,
  accountIds: readonly AccountId[],
) {
  const { rows } = await client.query<Cells & unknown[]>({
    ...reads.accountsWithGrants,
    values: [accountIds],
    rowMode: "array",
  });
  const account = reads.guard === undefined ? 1 : 2;
  const grant = account + accountNames.length;
  const accounts = new Map<string, AccountRow>();
  const grants: GrantRow[] = [];
  for (const cells of rows) {
    const id = cells[account];
    if (id === null || id === undefined) continue;
    if (!accounts.has(id)) accounts.set(id, named(accountNames, cells, account));
    if (cells[grant] !== null) grants.push(named(grantNames, cells, grant));
  }
  return { nowMs: Number(rows[0]?.[0]), accounts: [...accounts.values()], grants };
}

/** Reads accounts and their open grants. */
export async function readAccounts(
  { pool, statements }: LedgerSite,
  accountIds: readonly AccountId[],
): Promise<AccountsRead> {
  const { nowMs, accounts, grants } = await joinedRows(pool, statements, accountIds);
  return toAccountsRead(nowMs, accounts, grants);
}

/** An account and the expiry that has passed, epoch milliseconds. */
export type ExpiredAccount = { readonly id: AccountId; readonly expiredMs: number };

/** Finds the accounts with the earliest expiry in the past. */
export async function findExpired({ pool, statements }: LedgerSite, limit: number): Promise<readonly ExpiredAccount[]> {
  const rows = await rowsOf<{ id: AccountId; next_due_ms: string }>(pool, statements.reads.expiredAccounts, [limit]);
  return rows.map(({ id, next_due_ms }) => ({ id, expiredMs: Number(next_due_ms) }));
}
