import Driver from "better-sqlite3";
import { auditBaseline } from "../consistency-check.ts";
import { callersAtWork } from "../load/callers.ts";
import type { Speed } from "../report/measurement.ts";
import type { Scratch } from "../scratch.ts";
import { AMOUNT, accountsOf, GRANTED, type Spread, USERS } from "../workload.ts";

/** The tables of the baselines, as durable as the engine's. */
const tables = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE accounts (
    id integer PRIMARY KEY, balance integer NOT NULL CHECK (balance >= 0), sequence integer NOT NULL) STRICT;
  CREATE TABLE transactions (
    account_id integer NOT NULL, sequence integer NOT NULL, idempotency_key text NOT NULL, amount integer NOT NULL,
    action text NOT NULL, balance_after integer NOT NULL, created_at integer NOT NULL,
    PRIMARY KEY (account_id, sequence), UNIQUE (account_id, idempotency_key)) STRICT, WITHOUT ROWID;
  WITH RECURSIVE users (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM users WHERE n < ${USERS})
    INSERT INTO accounts SELECT n, ${GRANTED}, 0 FROM users;`;

/** One transaction for each consume, prepared, by the driver that the engine has, in this process. A file has one writer, so there is one client. */
export type SqliteTransaction = {
  run(load: { readonly spread: Spread; readonly seconds: number }): Promise<Speed>;
  /** Closes it. @returns what is wrong with its books, in sentences */
  close(): Promise<string[]>;
};

/** Makes the tables and the accounts. */
export function openSqliteTransaction(scratch: Scratch): SqliteTransaction {
  const connection = new Driver(scratch.url.slice("file:".length));
  connection.exec(tables);
  connection.exec("PRAGMA synchronous = FULL");
  const [begin, commit] = ["BEGIN IMMEDIATE", "COMMIT"].map((sql) => connection.prepare(sql));
  const take = connection.prepare(
    `UPDATE accounts SET balance = balance - ${AMOUNT}, sequence = sequence + 1 WHERE id = ? AND balance >= ${AMOUNT}`,
  );
  const note = connection.prepare(
    `INSERT INTO transactions SELECT id, sequence, hex(randomblob(16)), ${AMOUNT}, 'bench', balance, unixepoch()
     FROM accounts WHERE id = ?`,
  );
  let committed = 0;
  return {
    run: async ({ spread, seconds }) => {
      const work = await callersAtWork({ callers: 1, seconds }, async () => {
        const account = 1 + Math.floor(Math.random() * accountsOf(spread));
        begin?.run();
        take.run(account);
        note.run(account);
        commit?.run();
        return "done";
      });
      committed += work.done;
      return work;
    },
    close: async () => {
      connection.close();
      return (await auditBaseline(scratch, committed)).map((finding) => `a transaction of SQLite: ${finding}`);
    },
  };
}
