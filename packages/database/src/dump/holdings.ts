import type { Holdings } from "./dump.ts";

/** Counts of the tables that every version has. `logs` counts where the table exists. */
const countAll = `SELECT (SELECT count(*) FROM accounts) AS accounts, (SELECT count(*) FROM transactions) AS transactions,
  (SELECT count(*) FROM users) AS users, (SELECT coalesce(sum(balance + held), 0) FROM accounts) AS credits`;
const countLogs = "SELECT count(*) AS logs FROM call_logs";

type Row = Readonly<Record<string, unknown>>;

/**
 * Counts what the tables hold.
 * @param read runs a statement in a snapshot
 * @param hasLogs whether there is a table of call logs: early versions had none
 */
export async function countHoldings(
  read: (sql: string) => Row | undefined | Promise<Row | undefined>,
  hasLogs: boolean,
): Promise<Holdings> {
  const all = await read(countAll);
  const logs = hasLogs ? await read(countLogs) : undefined;
  return {
    accounts: Number(all?.["accounts"]),
    transactions: Number(all?.["transactions"]),
    users: Number(all?.["users"]),
    logs: Number(logs?.["logs"] ?? 0),
    credits: String(all?.["credits"]),
  };
}
