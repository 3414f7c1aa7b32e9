import { type Changes, invariant, type LedgerStore, type Needs, type Snapshot } from "@jifen/ledger";
import {
  type AccountRow,
  type GrantRow,
  grantColumns,
  grantValues,
  type TransactionRow,
  toAccount,
  transactionColumns,
  transactionValues,
} from "../rows.ts";
import { accountsToLock, toSnapshot } from "../snapshot.ts";
import type { Connection } from "./connection.ts";

const places = (columns: string) => columns.replace(/\w+/g, "?");

/** The statements of the ledger, prepared once. */
function prepareStatements(connection: Connection) {
  return {
    account: connection.prepare<[string], AccountRow>("SELECT * FROM accounts WHERE id = ?"),
    openGrants: connection.prepare<[string], GrantRow>(
      `SELECT ${grantColumns} FROM grants WHERE account_id = ? AND remaining > 0`,
    ),
    earlier: connection.prepare<[string, string], TransactionRow>(
      `SELECT ${transactionColumns} FROM transactions WHERE account_id = ? AND idempotency_key = ?`,
    ),
    openAccount: connection.prepare("INSERT INTO accounts (balance, held, sequence, id) VALUES (?, ?, ?, ?)"),
    changeAccount: connection.prepare("UPDATE accounts SET balance = ?, held = ?, sequence = ? WHERE id = ?"),
    addGrant: connection.prepare(`INSERT INTO grants (${grantColumns}) VALUES (${places(grantColumns)})`),
    changeGrant: connection.prepare("UPDATE grants SET remaining = ? WHERE account_id = ? AND id = ?"),
    addTransaction: connection.prepare(
      `INSERT INTO transactions (${transactionColumns}) VALUES (${places(transactionColumns)})`,
    ),
  };
}

type Statements = ReturnType<typeof prepareStatements>;

/** The ledger on SQLite: one transaction is one stretch of synchronous code under the file's write lock. */
export function createSqliteLedgerStore(
  connection: Connection,
  transact: <Result>(work: () => Result) => Promise<Result>,
): LedgerStore {
  const statements = prepareStatements(connection);
  return {
    commit: (needs, decide) =>
      transact(() => {
        const { changes, result } = decide(read(statements, needs));
        write(statements, changes);
        return result;
      }),
    readBalances: async (accountIds) => {
      const rows = accountIds.flatMap((id) => statements.account.all(id)).map(toAccount);
      return new Map(rows.map(({ id, balance, held }) => [id, { balance, held }]));
    },
  };
}

function read(statements: Statements, needs: Needs): Snapshot {
  const accounts = accountsToLock(needs).flatMap((id) => statements.account.all(id));
  return toSnapshot({
    nowMs: Date.now(),
    accounts,
    grants: accounts.flatMap((account) => statements.openGrants.all(account.id)),
    transactions: needs.keys.flatMap((key) => statements.earlier.all(key.accountId, key.idempotencyKey)),
  });
}

function write(statements: Statements, changes: Changes): void {
  for (const { id, balance, held, sequence } of changes.accountsOpened) {
    statements.openAccount.run(balance, held, sequence, id);
  }
  for (const { id, balance, held, sequence } of changes.accountsChanged) {
    invariant(statements.changeAccount.run(balance, held, sequence, id).changes === 1, `account ${id} is gone`);
  }
  for (const grant of changes.grantsAdded) statements.addGrant.run(...grantValues(grant));
  for (const { accountId, id, remaining } of changes.grantsChanged) {
    invariant(statements.changeGrant.run(remaining, accountId, id).changes === 1, `grant ${id} is gone`);
  }
  for (const transaction of changes.transactions) statements.addTransaction.run(...transactionValues(transaction));
}
