import type pg from "pg";
import { AMOUNT, GRANTED, USERS } from "../workload.ts";

/** Entries of each account that one statement writes. */
const CHUNK = 50;
const account = "'user:user' || i || '@bench.example'";

/** Consumes as the ledger would have written them, entries `first` to `last` of every account, in the order of time. */
const consumes = (first: number, last: number) => `
  INSERT INTO transactions (account_id, sequence, id, idempotency_key, kind, amount, action, debit, credit,
    balance_after, held_after, shares, lapsed, created_at_ms)
  SELECT ${account}, s, 'txn-00000000-0000-7000-8000-' || lpad(to_hex(s * ${USERS} + i), 12, '0'),
    'caller:' || gen_random_uuid(), 'consume', ${AMOUNT}, 'bench', ${account}, 'system:earned',
    ${GRANTED}::bigint - ${AMOUNT} * (s - 1), 0, '[{"grantId":"grant-' || i || '","amount":${AMOUNT}}]', 0, s
  FROM generate_series(${first}, ${last}) AS s, generate_series(1, ${USERS}) AS i ORDER BY s, i`;

/**
 * Writes a history of every account by SQL, then runs VACUUM: PostgreSQL would otherwise do that during the measurement.
 * @param perAccount a multiple of 50
 * @returns the seconds that it took
 */
export async function writeHistory(client: pg.Client, perAccount: number): Promise<number> {
  const beganMs = performance.now();
  // The first entry of every account is its grant.
  for (let written = 0; written < perAccount; written += CHUNK) {
    await client.query(consumes(written + 2, written + 1 + CHUNK));
  }
  const spent = AMOUNT * perAccount;
  await client.query(`UPDATE accounts SET balance = balance - ${spent}, sequence = sequence + ${perAccount}`);
  await client.query(`UPDATE grants SET remaining = remaining - ${spent}`);
  for (const table of ["transactions", "accounts", "grants"]) await client.query(`VACUUM (ANALYZE) ${table}`);
  return (performance.now() - beganMs) / 1_000;
}
