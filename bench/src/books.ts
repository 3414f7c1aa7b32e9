import { AMOUNT } from "./cases.ts";
import type { PgbenchRun } from "./pgbench.ts";
import { GRANTED, USERS } from "./population.ts";
import type { Scratch } from "./scratch.ts";

/** What the client knows of the spending: how much was confirmed, and how much may have happened as well. */
export type Tally = { confirmed: number; unanswered: number };

const spending = `
  SELECT
    (SELECT count(*) FROM transactions WHERE kind = 'consume') AS spent,
    (SELECT count(*) FROM transactions WHERE kind = 'consume' AND amount <> ${AMOUNT}) AS other,
    (SELECT sum(balance) FROM accounts) AS balance,
    (SELECT sum(remaining) FROM grants) AS remaining`;

/** Accounts whose transactions are not numbered 1…n, or whose last one ends at another balance. */
const crooked = `
  SELECT count(*) AS crooked FROM accounts a
  JOIN (SELECT account_id, count(*) AS n, max(sequence) AS last FROM transactions GROUP BY account_id) t ON t.account_id = a.id
  JOIN transactions l ON l.account_id = a.id AND l.sequence = t.last
  WHERE t.n <> a.sequence OR t.last <> a.sequence OR l.balance_after <> a.balance`;

/**
 * Compares the books with what the client was told. To be asked when the server has stopped: what it
 * was still doing is done then.
 * @returns what is wrong, in sentences
 */
export async function auditServer({ query }: Scratch, tally: Tally): Promise<string[]> {
  const read = numbers((await query(spending))[0]);
  const { crooked: bent } = numbers((await query(crooked))[0]);
  const { spent = Number.NaN, other, balance, remaining } = read;
  const left = USERS * GRANTED - AMOUNT * spent;
  const most = tally.confirmed + tally.unanswered;
  const findings = [
    {
      wrong: !(spent >= tally.confirmed),
      says: `${tally.confirmed} answers said 200, ${spent} transactions are there`,
    },
    { wrong: !(spent <= most), says: `${spent} transactions are there, ${most} requests were sent` },
    { wrong: other !== 0, says: `${other} transactions are of another amount` },
    { wrong: balance !== left, says: `the balances add up to ${balance}, not ${left}` },
    { wrong: remaining !== left, says: `the grants have ${remaining} left, not ${left}` },
    { wrong: bent !== 0, says: `${bent} accounts do not follow from their transactions` },
  ];
  return findings.filter(({ wrong }) => wrong).map(({ says }) => says);
}

/** The same for the tables of pgbench, which waits for every answer. */
export async function auditPgbench({ query }: Scratch, runs: readonly PgbenchRun[]): Promise<string[]> {
  const rows = await query(
    "SELECT (SELECT count(*) FROM transactions) AS spent, (SELECT sum(balance) FROM accounts) AS balance",
  );
  const { spent, balance } = numbers(rows[0]);
  const committed = runs.reduce((sum, run) => sum + run.committed, 0);
  if (spent === committed && balance === USERS * GRANTED - AMOUNT * committed) return [];
  return [`pgbench: ${committed} committed, ${spent} transactions and ${balance} credits are there`];
}

/** Drivers give large integers as text. */
const numbers = (row: Record<string, unknown> = {}): Record<string, number> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
