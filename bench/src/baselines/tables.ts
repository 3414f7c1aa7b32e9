import { AMOUNT, GRANTED, USERS } from "../workload.ts";

/**
 * The tables of the baselines, for PostgreSQL, MySQL and SQLite. They are the least that keeps the promise: a balance that
 * stays above zero, a numbered journal, and a key that is unique for ever.
 */
export const baselineTables: readonly string[] = [
  "CREATE TABLE accounts (id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0), sequence bigint NOT NULL)",
  `CREATE TABLE transactions (
    account_id bigint NOT NULL, sequence bigint NOT NULL, idempotency_key varchar(64) NOT NULL, amount bigint NOT NULL,
    action varchar(100) NOT NULL, balance_after bigint NOT NULL, created_at_ms bigint NOT NULL,
    PRIMARY KEY (account_id, sequence), UNIQUE (account_id, idempotency_key))`,
  `INSERT INTO accounts VALUES ${Array.from({ length: USERS }, (_, n) => `(${n + 1}, ${GRANTED}, 0)`).join(", ")}`,
];

/** Takes from the balance if it is enough. */
export const takeStatement = (account: string): string =>
  `UPDATE accounts SET balance = balance - ${AMOUNT}, sequence = sequence + 1 WHERE id = ${account} AND balance >= ${AMOUNT}`;

/** Inserts the row of a consume, from an account or what an UPDATE returned of it. */
export const insertStatement = (
  from: string,
  { key, nowMs }: { readonly key: string; readonly nowMs: string },
): string => `INSERT INTO transactions SELECT id, sequence, ${key}, ${AMOUNT}, 'bench', balance, ${nowMs} FROM ${from}`;
