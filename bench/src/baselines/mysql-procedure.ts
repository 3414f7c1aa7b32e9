import { type Connection, createConnection } from "mariadb";
import { auditBaseline } from "../consistency-check.ts";
import { callersAtWork } from "../load/callers.ts";
import type { Speed } from "../report/measurement.ts";
import { onMysql, type Scratch } from "../scratch.ts";
import { AMOUNT, accountsOf, GRANTED, type Spread, USERS } from "../workload.ts";

/** The tables of the baselines, and a whole consume as one call: takes from the balance, and inserts the row. */
const statements = [
  `CREATE TABLE accounts (
    id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0), sequence bigint NOT NULL) ENGINE = InnoDB`,
  `CREATE TABLE transactions (
    account_id bigint NOT NULL, sequence bigint NOT NULL, idempotency_key varchar(64) NOT NULL, amount bigint NOT NULL,
    action varchar(100) NOT NULL, balance_after bigint NOT NULL, created_at datetime(6) NOT NULL,
    PRIMARY KEY (account_id, sequence), UNIQUE (account_id, idempotency_key)) ENGINE = InnoDB`,
  `CREATE PROCEDURE consume (IN spender bigint)
  BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    START TRANSACTION;
    UPDATE accounts SET balance = balance - ${AMOUNT}, sequence = sequence + 1
      WHERE id = spender AND balance >= ${AMOUNT};
    INSERT INTO transactions SELECT id, sequence, UUID(), ${AMOUNT}, 'bench', balance, SYSDATE(6)
      FROM accounts WHERE id = spender;
    COMMIT;
  END`,
];

/** How many clients are tried; the best of them is the baseline. */
const CLIENTS = [1, 8, 64];

/** One call of a stored procedure for each consume, by the `mariadb` driver from this process, prepared. */
export type MysqlProcedure = {
  run(load: { readonly spread: Spread; readonly clients: number; readonly seconds: number }): Promise<Speed>;
  /** @returns what is wrong with its books, in sentences */
  audit(): Promise<string[]>;
};

/** Makes the tables, the accounts and the procedure. */
export async function openMysqlProcedure(scratch: Scratch): Promise<MysqlProcedure> {
  await onMysql(scratch.url, async (connection) => {
    for (const statement of statements) await connection.query(statement);
    const accounts = Array.from({ length: USERS }, (_, n) => `(${n + 1}, ${GRANTED}, 0)`);
    await connection.query(`INSERT INTO accounts VALUES ${accounts.join(", ")}`);
  });
  let committed = 0;
  const run: MysqlProcedure["run"] = async ({ spread, clients, seconds }) => {
    const { hostname, port, username, password, pathname } = new URL(scratch.url);
    const options = {
      host: hostname,
      port: Number(port || 3306),
      user: username,
      password,
      database: pathname.slice(1),
    };
    const idle: Connection[] = await Promise.all(Array.from({ length: clients }, () => createConnection(options)));
    const all = [...idle];
    const work = await callersAtWork({ callers: clients, seconds }, async () => {
      // As many callers as connections: there is one for each.
      const connection = idle.pop() as Connection;
      await connection.execute("CALL consume(?)", [1 + Math.floor(Math.random() * accountsOf(spread))]);
      idle.push(connection);
      return "done";
    });
    committed += work.done;
    await Promise.all(all.map((connection) => connection.end()));
    return work;
  };
  const audit = async () => (await auditBaseline(scratch, committed)).map((finding) => `the procedure: ${finding}`);
  return { run, audit };
}

/** The client counts that are tried. */
export const procedureClients: readonly number[] = CLIENTS;
