import type { Report } from "../report/report.ts";
import { ACCOUNT } from "../seed-data.ts";
import { AMOUNT, GRANTED, USERS } from "../workload.ts";
import type { SqlSite } from "./engine.ts";

/** How many transactions are written by one statement: for each account so many. */
const LINES_AT_ONCE = 50;

/** Consumes as the ledger would have written them, `first` to `last` of every account, in the order of time. */
const consumes = (first: number, last: number) => `
  INSERT INTO transactions (account_id, sequence, id, idempotency_key, kind, amount, action, debit, credit,
    balance_after, held_after, shares, lapsed, created_at_ms)
  SELECT ${ACCOUNT}, s, 'txn-00000000-0000-7000-8000-' || lpad(to_hex(s * ${USERS} + i), 12, '0'),
    'caller:' || gen_random_uuid(), 'consume', ${AMOUNT}, 'bench', ${ACCOUNT}, 'system:earned',
    ${GRANTED}::bigint - ${AMOUNT} * (s - 1), 0, '[{"grantId":"grant-' || i || '","amount":${AMOUNT}}]', 0, s
  FROM generate_series(${first}, ${last}) AS s, generate_series(1, ${USERS}) AS i ORDER BY s, i`;

/**
 * Writes transactions by SQL, as many for each account, and what follows from them, so that the books agree.
 * Tidies up afterwards: PostgreSQL would do so by itself, but in the middle of what is measured.
 * @returns how long that took, in seconds
 */
export async function fill(site: SqlSite, transactions: number, report: Report): Promise<number> {
  const { query } = site.scratch;
  const lines = transactions / USERS;
  const beganMs = performance.now();
  for (let written = 0; written < lines; written += LINES_AT_ONCE) {
    // The first line of every account is its grant.
    const more = Math.min(LINES_AT_ONCE, lines - written);
    await query(consumes(written + 2, written + 1 + more));
    report.progress(`  ${((written + more) * USERS).toLocaleString("en")} transactions written`);
  }
  await query(`UPDATE accounts SET balance = balance - ${AMOUNT * lines}, sequence = sequence + ${lines}`);
  await query(`UPDATE grants SET remaining = remaining - ${AMOUNT * lines}`);
  site.tally.confirmed += transactions;
  for (const table of ["transactions", "accounts", "grants"]) await query(`VACUUM (ANALYZE) ${table}`);
  return (performance.now() - beganMs) / 1_000;
}
