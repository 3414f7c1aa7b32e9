import type { Scratch } from "./scratch.ts";
import { AMOUNT, GRANTED, USERS } from "./workload.ts";

/** What the client knows of the spending: how much was confirmed, and how much may have happened as well. */
export type Tally = { confirmed: number; unanswered: number };

/** `odd`: every account had one grant and then spent the same again and again, so each line is known beforehand. */
const spending = `
  SELECT
    (SELECT count(*) FROM transactions WHERE kind = 'consume') AS spent,
    (SELECT count(*) FROM transactions WHERE NOT (CASE kind
       WHEN 'consume' THEN amount = ${AMOUNT} AND balance_after = ${GRANTED} - ${AMOUNT} * (sequence - 1)
       ELSE kind = 'grant' AND sequence = 1 AND amount = ${GRANTED} AND balance_after = ${GRANTED} END
       AND held_after = 0 AND lapsed = 0)) AS odd,
    (SELECT count(*) FROM holds) AS holds,
    (SELECT count(*) FROM accounts) AS accounts,
    (SELECT sum(balance) FROM accounts) AS balance,
    (SELECT sum(remaining) FROM grants) AS remaining`;

/** Accounts that are not what their transactions, numbered 1…n, and their grants say. */
const crooked = `
  SELECT count(*) AS crooked FROM accounts a
  LEFT JOIN (
    SELECT account_id, count(*) AS line_count, min(sequence) AS first, max(sequence) AS last,
      sum(CASE kind WHEN 'grant' THEN amount ELSE -amount END) AS total
    FROM transactions GROUP BY account_id
  ) t ON t.account_id = a.id
  LEFT JOIN (SELECT account_id, sum(remaining) AS remaining FROM grants GROUP BY account_id) g ON g.account_id = a.id
  LEFT JOIN transactions l ON l.account_id = a.id AND l.sequence = t.last
  WHERE (t.first = 1 AND t.last = t.line_count AND t.line_count = a.sequence AND t.total = a.balance
    AND l.balance_after = a.balance AND g.remaining = a.balance AND a.held = 0 AND a.next_due_ms IS NULL) IS NOT TRUE`;

/**
 * Compares the books with what the client was told. To be asked when the server has stopped: what it
 * was still doing is done then.
 * @returns what is wrong, in sentences
 */
export async function auditBooks({ query }: Scratch, tally: Tally): Promise<string[]> {
  const read = numbers((await query(spending))[0]);
  const { crooked: bent } = numbers((await query(crooked))[0]);
  const { spent = Number.NaN, odd, holds, accounts, balance, remaining } = read;
  const left = USERS * GRANTED - AMOUNT * spent;
  const most = tally.confirmed + tally.unanswered;
  const findings = [
    {
      wrong: !(spent >= tally.confirmed),
      says: `${tally.confirmed} consumes were confirmed, ${spent} transactions are there`,
    },
    { wrong: !(spent <= most), says: `${spent} transactions are there, ${most} consumes can have been done` },
    { wrong: odd !== 0, says: `${odd} transactions are not what was asked for` },
    { wrong: holds !== 0, says: `${holds} holds are there, nobody asked for one` },
    { wrong: accounts !== USERS, says: `${accounts} accounts are there, not ${USERS}` },
    { wrong: balance !== left, says: `the balances add up to ${balance}, not ${left}` },
    { wrong: remaining !== left, says: `the grants have ${remaining} left, not ${left}` },
    { wrong: bent !== 0, says: `${bent} accounts do not follow from their transactions and grants` },
  ];
  return findings.filter(({ wrong }) => wrong).map(({ says }) => says);
}

/** The same for the tables of a baseline, which waits for every answer. */
export async function auditBaseline({ query }: Scratch, committed: number): Promise<string[]> {
  const rows = await query(
    "SELECT (SELECT count(*) FROM transactions) AS spent, (SELECT sum(balance) FROM accounts) AS balance",
  );
  const { spent, balance } = numbers(rows[0]);
  if (spent === committed && balance === USERS * GRANTED - AMOUNT * committed) return [];
  return [`${committed} committed, ${spent} transactions and ${balance} credits are there`];
}

/** Drivers give large integers as text. */
const numbers = (row: Record<string, unknown> = {}): Record<string, number> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
