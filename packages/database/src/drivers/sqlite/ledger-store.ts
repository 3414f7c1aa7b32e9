import { type AccountId, accountId, invariant } from "@jifen/core";
import { EXPIRATION_BATCH, type LedgerStore, type ReadSet, type Snapshot, type WriteSet } from "@jifen/ledger";
import { afterConnectionLoss } from "../../errors/failure.ts";
import {
  accountColumns,
  type Columns,
  entryColumns,
  grantChange,
  grantColumns,
  holdChange,
  holdColumns,
} from "../../ledger/columns.ts";
import type { AccountRow, EntryRow, GrantRow, HoldRow } from "../../ledger/rows.ts";
import { distinctReads, SnapshotDraft, toAccountsRead } from "../../ledger/snapshot-draft.ts";
import { createExtraWriter } from "./extra-writes.ts";
import { untilUnlocked } from "./file-access.ts";
import type { Connection } from "./pool.ts";

/** The statements that read, prepared once. */
function prepareReads(connection: Connection) {
  const transactionsBy = (column: string) =>
    connection.prepare<[string, string], EntryRow>(
      `SELECT ${entryColumns.names} FROM transactions WHERE account_id = ? AND ${column} = ?`,
    );
  return {
    account: connection.prepare<[string], AccountRow>(`SELECT ${accountColumns.names} FROM accounts WHERE id = ?`),
    openGrants: connection.prepare<[string], GrantRow>(
      `SELECT ${grantColumns.names} FROM grants WHERE account_id = ? AND is_open`,
    ),
    grant: connection.prepare<[string, string], GrantRow>(
      `SELECT ${grantColumns.names} FROM grants WHERE account_id = ? AND id = ?`,
    ),
    hold: connection.prepare<[string, string], HoldRow>(
      `SELECT ${holdColumns.names} FROM holds WHERE account_id = ? AND id = ?`,
    ),
    expiredHolds: connection.prepare<[string, number], HoldRow>(
      `SELECT ${holdColumns.names} FROM holds WHERE account_id = ? AND state = 'pending' AND expires_at_ms <= ?
       ORDER BY expires_at_ms LIMIT ${EXPIRATION_BATCH}`,
    ),
    otherHolds: connection.prepare<[string, number, string], { account_id: string; due_ms: number }>(
      `SELECT account_id, min(expires_at_ms) AS due_ms FROM holds
       WHERE account_id = ? AND state = 'pending' AND expires_at_ms > ? AND id NOT IN (SELECT value FROM json_each(?))
       GROUP BY account_id`,
    ),
    transactionByKey: transactionsBy("idempotency_key"),
    transactionById: transactionsBy("id"),
    about: transactionsBy("subject_id"),
    expiredAccounts: connection.prepare<[number, number], { id: string }>(
      "SELECT id FROM accounts WHERE next_due_ms <= ? ORDER BY next_due_ms LIMIT ?",
    ),
  };
}

/** The statements that write, prepared once. Each takes a row and returns the number of changed rows. */
function prepareWrites(connection: Connection) {
  const insert = <Row>(table: string, { names, values }: Columns<Row>) => {
    const statement = connection.prepare(`INSERT INTO ${table} (${names}) VALUES (${names.replace(/\w+/g, "?")})`);
    return (row: Row) => statement.run(...values(row)).changes;
  };
  const update = <Row>(table: string, { names, values }: Columns<Row>, keyColumns: number) => {
    const all = names.split(", ");
    const assigned = (columns: readonly string[], separator: string) =>
      columns.map((name) => `${name} = ?`).join(separator);
    const text = `UPDATE ${table} SET ${assigned(all.slice(keyColumns), ", ")} WHERE ${assigned(all.slice(0, keyColumns), " AND ")}`;
    const statement = connection.prepare(text);
    return (row: Row) => {
      const all = values(row);
      return statement.run(...all.slice(keyColumns), ...all.slice(0, keyColumns)).changes;
    };
  };
  return {
    openAccount: insert("accounts", accountColumns),
    changeAccount: update("accounts", accountColumns, 1),
    addGrant: insert("grants", grantColumns),
    changeGrant: update("grants", grantChange, 2),
    addHold: insert("holds", holdColumns),
    changeHold: update("holds", holdChange, 2),
    addTransaction: insert("transactions", entryColumns),
  };
}

type Reads = ReturnType<typeof prepareReads>;
type Writes = ReturnType<typeof prepareWrites>;

/** The ledger on SQLite: one transaction is synchronous code under the write lock of the file. */
export function createSqliteLedgerStore(
  connection: Connection,
  transact: <Result>(work: () => Result) => Promise<Result>,
): LedgerStore {
  const reads = prepareReads(connection);
  const writes = prepareWrites(connection);
  const writeExtra = createExtraWriter(connection);
  const readInOneTransaction = connection.transaction((accountIds: readonly AccountId[]) => {
    const accounts = [...new Set(accountIds)].flatMap((id) => reads.account.all(id));
    return { accounts, grants: accounts.flatMap(({ id }) => reads.openGrants.all(id)) };
  });
  return {
    commit: (readSet, decide) =>
      transact(() => {
        const { writeSet, result } = decide(read(reads, readSet));
        write(writes, writeSet);
        writeExtra(writeSet);
        return result;
      }),
    readAccounts: (accountIds) =>
      reading(() => {
        const { accounts, grants } = readInOneTransaction(accountIds);
        return toAccountsRead(Date.now(), accounts, grants);
      }),
    findExpiredAccounts: (limit) =>
      reading(() => reads.expiredAccounts.all(Date.now(), limit).map(({ id }) => accountId(id))),
  };
}

/** Reads from the file. @throws DatabaseUnavailable */
const reading = <Result>(read: () => Result): Promise<Result> =>
  untilUnlocked(read).catch(afterConnectionLoss("nothing written"));

function read(reads: Reads, readSet: ReadSet): Snapshot {
  const nowMs = Date.now();
  const named = distinctReads(readSet);
  const accounts = named.accountIds.flatMap((id) => reads.account.all(id));
  const draft = new SnapshotDraft({
    nowMs,
    accounts,
    grants: accounts.flatMap(({ id }) => reads.openGrants.all(id)),
    holds: named.holds.flatMap((pair) => reads.hold.all(...pair)),
    executed: [
      ...named.keys.flatMap((pair) => reads.transactionByKey.all(...pair)),
      ...named.ownIds.flatMap((pair) => reads.transactionById.all(...pair)),
    ],
    charges: named.charges.flatMap((pair) => reads.transactionById.all(...pair)),
    refunds: named.charges.flatMap((pair) => reads.about.all(...pair)).filter(({ kind }) => kind === "refund"),
  });
  const expired = draft.expiredAccounts();
  const shown = Map.groupBy(named.holds, ([id]) => id);
  const shownOf = (id: AccountId) => JSON.stringify((shown.get(id) ?? []).map(([, holdId]) => holdId));
  draft.addExpired({
    holds: expired.flatMap((id) => reads.expiredHolds.all(id, nowMs)),
    others: expired.flatMap((id) => reads.otherHolds.all(id, nowMs, shownOf(id))),
  });
  draft.addGrants(draft.closedGrants().flatMap((pair) => reads.grant.all(...pair)));
  return draft.finish();
}

function write(writes: Writes, writeSet: WriteSet): void {
  const each = <Row extends { readonly id: string }>(rows: readonly Row[], run: (row: Row) => number) => {
    for (const row of rows) invariant(run(row) === 1, `the row ${row.id} does not exist`);
  };
  each(writeSet.accountsOpened, writes.openAccount);
  each(writeSet.accountsChanged, writes.changeAccount);
  each(writeSet.grantsAdded, writes.addGrant);
  each(writeSet.grantsChanged, writes.changeGrant);
  each(writeSet.holdsAdded, writes.addHold);
  each(writeSet.holdsChanged, writes.changeHold);
  each(writeSet.entries, writes.addTransaction);
}
