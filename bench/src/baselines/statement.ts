import { AMOUNT, GRANTED, USERS } from "../workload.ts";

/**
 * The tables of every baseline: the least that keeps the promise, which is a balance that stays above zero, a
 * numbered journal, and a key that is unique for ever. As in Jifen, accounts have room to change in their page.
 */
export const baselineTables = `
  CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    balance bigint NOT NULL CHECK (balance >= 0),
    sequence bigint NOT NULL
  ) WITH (fillfactor = 50);
  CREATE TABLE transactions (
    account_id bigint NOT NULL,
    sequence bigint NOT NULL,
    idempotency_key text NOT NULL,
    amount bigint NOT NULL,
    action text NOT NULL,
    balance_after bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, sequence),
    UNIQUE (account_id, idempotency_key)
  );
  INSERT INTO accounts SELECT id, ${GRANTED}, 0 FROM generate_series(1, ${USERS}) AS id;
`;

/** A whole consume in one statement: takes from the balance where it suffices, and inserts the row. */
export const consumeStatement = (account: string): string => `
WITH spent AS (
  UPDATE accounts SET balance = balance - ${AMOUNT}, sequence = sequence + 1
  WHERE id = ${account} AND balance >= ${AMOUNT}
  RETURNING id, sequence, balance
)
INSERT INTO transactions
SELECT id, sequence, gen_random_uuid()::text, ${AMOUNT}, 'bench', balance, clock_timestamp() FROM spent`;
