import { DatabaseSync } from "node:sqlite";
import { onMysql, openMongodbRows } from "@jifen/testkit";
import pg from "pg";
import type { Server } from "./start-server.ts";

/** A ledger entry as stored. */
export type JournalEntry = {
  readonly id: string;
  readonly kind: string;
  readonly amount: number;
  readonly subject: string | null;
  readonly sequence: number;
  readonly balanceAfter: number;
  readonly key: string | null;
};

const SQL = `SELECT id, kind, amount, subject_id AS subject, sequence, balance_after AS "balanceAfter", idempotency_key AS "key"
  FROM transactions WHERE account_id =`;

/** The ledger entries of an account, oldest first, read directly from the database, so that reading processes no expirations. */
export async function journalOf(
  { database }: Pick<Server, "database">,
  email: string,
): Promise<readonly JournalEntry[]> {
  const entries = await readEntries(database.url, `user:${email}`);
  return entries.map((entry) => ({
    ...entry,
    amount: Number(entry.amount),
    sequence: Number(entry.sequence),
    balanceAfter: Number(entry.balanceAfter),
  }));
}

async function readEntries(url: string, account: string): Promise<readonly JournalEntry[]> {
  if (url.startsWith("file:")) return readSqlite(url.slice("file:".length), account);
  if (url.startsWith("mongodb:")) return readMongodb(url, account);
  return url.startsWith("mysql:") ? readMysql(url, account) : readPostgresql(url, account);
}

const readMysql = (url: string, account: string): Promise<readonly JournalEntry[]> =>
  onMysql(url, (connection) => connection.query<JournalEntry[]>(`${SQL} ? ORDER BY sequence`, [account]));

async function readMongodb(url: string, account: string): Promise<readonly JournalEntry[]> {
  const rows = await openMongodbRows(url);
  try {
    const entries = await rows.find("transactions", { account_id: account }, "sequence");
    return entries.map(({ subject_id: subject, balance_after: balanceAfter, idempotency_key: key, ...entry }) => {
      return { ...entry, subject, balanceAfter, key } as JournalEntry;
    });
  } finally {
    await rows.close();
  }
}

function readSqlite(file: string, account: string): JournalEntry[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(`${SQL} ? ORDER BY sequence`).all(account) as JournalEntry[];
  } finally {
    database.close();
  }
}

async function readPostgresql(connectionString: string, account: string): Promise<JournalEntry[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<JournalEntry>(`${SQL} $1 ORDER BY sequence`, [account])).rows;
  } finally {
    await client.end();
  }
}
